//===- Obligations.cpp - What must be proved about a mapping --------------===//
//
// docs/Mapping.md states the duties T, I, S, D, L, R, N and B, and why they
// imply that a mapped program computes the operator.
//
//===----------------------------------------------------------------------===//

#include "Obligations.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// T, I, S and D: every live point is executed once
//===----------------------------------------------------------------------===//

Obligations::Words Obligations::refuteTotal() {
  Question question(software);
  for (const Sum &guard : live)
    question.assumeNonNegative(guard);
  for (auto [k, position] : llvm::enumerate(phi)) {
    question.forbidBelow(position, 0);
    question.forbidAtLeast(position, getSize(software, k));
  }
  return explain(question, software, "no place is executed", false);
}

Obligations::Words Obligations::refuteInverse() {
  Question question(software);
  for (const Sum &guard : live)
    question.assumeNonNegative(guard);
  auto back = software.evaluate(mapped.inverse, phi);
  for (auto [recovered, iteration] : llvm::zip_equal(back, iterations))
    question.forbidDifferent(recovered, iteration);
  return explain(question, software, "the place is another point's", false);
}

/// A fragment that is the operator's access read through psi holds the right
/// element if what it sees of a place tells every iteration the operand depends
/// on, and no guard of its own cuts a live point off. The index functions need
/// not be looked at.
bool Obligations::isRecovered(unsigned t) {
  auto seen = hardware.evaluate(mapped.inverse, getSeen(t, places));
  Access through = evaluate(hardware, op.operands[t], seen);
  Access fragment = evaluate(hardware, mapped.fragments[t], places);
  if (fragment.index != through.index)
    return false;
  Question question(software);
  auto back = software.evaluate(mapped.inverse, getSeen(t, phi));
  for (unsigned v = 0; v < iterations.size(); ++v)
    if (op.dependsOn(t, v))
      question.forbidDifferent(back[v], iterations[v]);
  for (auto [guard, e] :
       llvm::zip_equal(fragment.guards, mapped.fragments[t].guards))
    if (!llvm::is_contained(through.guards, guard))
      question.forbidBelow(software.evaluate(e, phi), 0);
  return question.isEmpty(memory);
}

/// A fragment has the rank of its operand and uses only the lanes it has.
Obligations::Words Obligations::findMalformed(unsigned t) const {
  const amos::Access &fragment = mapped.fragments[t];
  if (fragment.index.getNumResults() != op.operands[t].index.getNumResults())
    return "operand " + std::to_string(t) + " has another rank";
  for (unsigned k = getNumOuter(); k < getNumPlaces(); ++k) {
    auto uses = [&](AffineExpr e) { return e.isFunctionOfDim(k); };
    if (!sees(t, k) && (llvm::any_of(fragment.index.getResults(), uses) ||
                        llvm::any_of(fragment.guards, uses)))
      return "operand " + std::to_string(t) + " does not have '" +
             getName(true, k) + "' but is indexed by it";
  }
  return std::nullopt;
}

Obligations::Words Obligations::refuteConsistent(unsigned t) {
  if (Words words = findMalformed(t))
    return words;
  if (isRecovered(t))
    return std::nullopt;
  Access read = evaluate(software, op.operands[t], iterations);
  Access fragment = evaluate(software, mapped.fragments[t], phi);
  Question cut(software), other(software);
  for (const Sum &guard : live) {
    cut.assumeNonNegative(guard);
    other.assumeNonNegative(guard);
  }
  for (const Sum &guard : fragment.guards) {
    cut.forbidBelow(guard, 0);
    other.assumeNonNegative(guard);
  }
  for (auto [element, expected] : llvm::zip_equal(fragment.index, read.index))
    other.forbidDifferent(element, expected);
  std::string name = "operand " + std::to_string(t);
  if (Words words = explain(cut, software, name + " is cut off", false))
    return words;
  return explain(other, software, name + " is another element", false);
}

//===----------------------------------------------------------------------===//
// L and R: an element is stored from one place at a time
//===----------------------------------------------------------------------===//

/// If the destination is indexed by plain iterations, a stored element tells
/// their values; it is enough that they tell the place in turn. One point
/// instead of two.
bool Obligations::isToldByDestination(bool isAcrossTiles) {
  const unsigned t = op.getDestination();
  auto seen = hardware.evaluate(mapped.inverse, getSeen(t, places));
  Access store = evaluate(hardware, mapped.fragments[t], places);
  if (store.index != evaluate(hardware, op.operands[t], seen).index)
    return false;
  SmallVector<bool> isTold(iterations.size());
  for (AffineExpr e : op.operands[t].index.getResults()) {
    Sum index = software.evaluate(e, iterations);
    if (index.terms.size() == 1 && index.terms[0].first < isTold.size())
      isTold[index.terms[0].first] = true;
  }
  Question question(hardware);
  for (const Sum &guard : store.guards)
    question.assumeNonNegative(guard);
  for (unsigned k = 0; k < getNumPlaces(); ++k) {
    if (!isToBeDistinct(k, isAcrossTiles))
      continue;
    for (unsigned v = 0; v < isTold.size(); ++v)
      if (!isTold[v] && op.iterations[v].extent != 1 &&
          getPlace(k).isFunctionOfDim(v))
        return false;
    question.forbidDifferent(hardware.evaluate(getPlace(k), seen), places[k]);
  }
  return question.isEmpty(memory);
}

/// Two stored elements that are one. Within a tile they lie in different lanes,
/// across tiles in different steps of a parallel loop.
Obligations::Words Obligations::refuteDistinct(bool isAcrossTiles) {
  if (isToldByDestination(isAcrossTiles))
    return std::nullopt;
  const unsigned t = op.getDestination(), n = getNumPlaces();
  SmallVector<int64_t> twice(box);
  twice.append(box);
  Sums pair(twice, parameters.size());
  for (unsigned k = 0; k < twice.size(); ++k)
    if (ShapedType::isDynamic(twice[k]))
      pair.setLimit(k, getSize(pair, k % n));
  auto first = getSeen(t, getVariables(pair, 0, n));
  auto second = getSeen(t, getVariables(pair, n, n));
  if (!isAcrossTiles)
    std::copy_n(first.begin(), getNumOuter(), second.begin());
  Access one = evaluate(pair, mapped.fragments[t], first);
  Access two = evaluate(pair, mapped.fragments[t], second);
  Question question(pair);
  for (const Access *access : {&one, &two})
    for (const Sum &guard : access->guards)
      question.assumeNonNegative(guard);
  for (auto [a, b] : llvm::zip_equal(one.index, two.index))
    question.assumeEqual(a, b);
  // Exchanging the two is a symmetry, so one sign is enough.
  for (unsigned k = 0; k < n; ++k)
    if (isToBeDistinct(k, isAcrossTiles))
      question.forbidBelow(second[k], first[k]);
  if (!pair.areExact())
    return "the destination's index is not quasi-affine or too large";
  return explain(question, pair,
                 isAcrossTiles ? "parallel steps store one element"
                               : "two lanes store one element",
                 true);
}

//===----------------------------------------------------------------------===//
// N and B: places without a point do no harm
//===----------------------------------------------------------------------===//

/// Without the guards that come from accesses the systems are smaller, and
/// their emptiness still suffices. Where zeros count only what is not stored
/// does no harm.
Question Obligations::askNeutral(bool withAccessGuards) {
  Question question(hardware);
  SmallVector<Sum> all;
  for (unsigned t = 0; t < mapped.fragments.size(); ++t) {
    if (t != op.getDestination() && !op.ignoresZeros)
      continue;
    auto seen = hardware.evaluate(mapped.inverse, getSeen(t, places));
    auto own = hardware.evaluate(op.operands[t].guards, seen);
    for (AffineExpr e : mapped.fragments[t].guards) {
      Sum guard = all.emplace_back(hardware.evaluate(e, places));
      if (withAccessGuards || !llvm::is_contained(own, guard))
        question.assumeNonNegative(guard);
    }
  }
  for (unsigned v = 0; v < psi.size(); ++v) {
    question.forbidBelow(psi[v], 0);
    question.forbidAtLeast(psi[v], hardware.evaluate(op.getExtent(v), {}));
  }
  for (const amos::Access &access : op.operands)
    for (const Sum &guard : hardware.evaluate(access.guards, psi))
      if (!llvm::is_contained(all, guard))
        question.forbidBelow(guard, 0);
  // psi of a place may be a live point that lives elsewhere.
  for (unsigned k = 0; k < getNumPlaces(); ++k)
    question.forbidDifferent(hardware.evaluate(getPlace(k), psi), places[k]);
  return question;
}

Obligations::Words Obligations::refuteNeutral() {
  if (askNeutral(/*withAccessGuards=*/false).isEmpty(memory))
    return std::nullopt;
  return explain(askNeutral(/*withAccessGuards=*/true), hardware,
                 op.ignoresZeros ? "there is no point but a product"
                                 : "there is no point, but zeros count",
                 true);
}

/// The operator itself stays inside an extent that is not known, wherever its
/// iterations are inside theirs.
void Obligations::forbidOutside(Question &question, AffineExpr index,
                                ArrayRef<Sum> seen) {
  for (unsigned v = 0; v < seen.size(); ++v)
    if (index.isFunctionOfDim(v)) {
      question.forbidBelow(seen[v], 0);
      question.forbidAtLeast(seen[v], hardware.evaluate(op.getExtent(v), {}));
    }
}

Obligations::Words Obligations::refuteBounds() {
  for (unsigned t = 0; t < mapped.fragments.size(); ++t) {
    Access fragment = evaluate(hardware, mapped.fragments[t], places);
    auto seen = hardware.evaluate(mapped.inverse, getSeen(t, places));
    Access through = evaluate(hardware, op.operands[t], seen);
    Question question(hardware);
    for (const Sum &guard : fragment.guards)
      question.assumeNonNegative(guard);
    for (auto [d, extent] : llvm::enumerate(op.operands[t].shape)) {
      question.forbidBelow(fragment.index[d], 0);
      if (!ShapedType::isDynamic(extent))
        question.forbidAtLeast(fragment.index[d], extent);
      else if (fragment.index[d] == through.index[d])
        forbidOutside(question, op.operands[t].index.getResult(d), seen);
      else
        question.forbidAtLeast(fragment.index[d], 0);
    }
    if (Words words =
            explain(question, hardware,
                    "operand " + Twine(t) + " leaves its tensor", true))
      return words;
  }
  return std::nullopt;
}
