//===- Certificate.cpp - The obligations of a mapping ---------------------===//
//
// docs/Mapping.md states the duties and why they imply that a mapped program
// computes the operator. x is a live point: one that reads no padding and is
// stored. phi = (outer loops, lanes) places it, psi is the inverse.
//
//===----------------------------------------------------------------------===//

#include "amos/Mapping/Certificate.h"
#include "Emptiness.h"

using namespace mlir;
using namespace amos;

StringRef amos::spell(Duty duty) {
  static constexpr StringLiteral names[] = {"total",       "inverse", "source",
                                            "destination", "lanes",   "races",
                                            "neutral",     "bounds"};
  return names[unsigned(duty)];
}

Solver::Solver() : memory(std::make_unique<Memory>()) {}
Solver::~Solver() = default;

namespace {
class Obligations {
public:
  Obligations(const Contraction &op, const Contraction &intrinsic,
              const MappedAccesses &mapped, Solver::Memory &memory);

  /// What is wrong with a duty, in words; nothing when it is proved.
  std::optional<std::string> refute(Duty duty);

private:
  using Words = std::optional<std::string>;
  struct Access {
    SmallVector<Sum> index, guards;
  };

  Words refuteTotal();
  Words refuteInverse();
  Words refuteConsistent(unsigned operand);
  Words refuteDistinct(bool isAcrossTiles);
  Words refuteNeutral();
  Words refuteBounds();

  bool isRecovered(unsigned operand);
  bool isToldByDestination(bool isAcrossTiles);
  Question askNeutral(bool withAccessGuards);
  Words findForeignLane(unsigned operand) const;

  unsigned getNumOuter() const { return mapped.outer.size(); }
  unsigned getNumPlaces() const { return getNumOuter() + numLanes; }
  bool sees(unsigned operand, unsigned place) const {
    return place < getNumOuter() ||
           intrinsic.dependsOn(operand, place - getNumOuter());
  }
  /// Whether the duty L, or R, wants the place told apart.
  bool isToBeDistinct(unsigned place, bool isAcrossTiles) const {
    if (place < getNumOuter())
      return isAcrossTiles && mapped.outer[place].isParallel;
    return !isAcrossTiles && sees(op.getDestination(), place);
  }
  AffineExpr getPlace(unsigned place) const {
    return place < getNumOuter() ? mapped.outer[place].position
                                 : mapped.lanes[place - getNumOuter()];
  }
  bool isSameDynamic(unsigned place, unsigned iteration) const {
    return place < getNumOuter() &&
           ShapedType::isDynamic(mapped.outer[place].extent) &&
           mapped.outer[place].position ==
               getAffineDimExpr(iteration,
                                mapped.outer[place].position.getContext());
  }
  SmallVector<Sum> getVariables(Sums &sums, unsigned from, unsigned count);
  SmallVector<Sum> getSeen(unsigned operand, ArrayRef<Sum> places) const;
  Access evaluate(Sums &sums, const amos::Access &access, ArrayRef<Sum> dims) {
    return {sums.evaluate(access.index.getResults(), dims),
            sums.evaluate(access.guards, dims)};
  }
  std::string getName(bool isPlace, unsigned number) const;
  std::string describe(ArrayRef<int64_t> point, bool isPlace) const;
  Words explain(const Question &question, Sums &sums, const Twine &what,
                bool isPlace);

  const Contraction &op, &intrinsic;
  const MappedAccesses &mapped;
  Solver::Memory &memory;
  unsigned numLanes;
  SmallVector<int64_t> box; ///< of outer loops and lanes
  Sums software, hardware;
  SmallVector<Sum> iterations, phi; ///< over `software`
  SmallVector<Sum> places, psi;     ///< over `hardware`
  SmallVector<Sum> live;            ///< guards of all operands, `software`
};
} // namespace

static SmallVector<int64_t> getBox(const Contraction &intrinsic,
                                   const MappedAccesses &mapped) {
  SmallVector<int64_t> box;
  for (const OuterLoop &loop : mapped.outer)
    box.push_back(loop.extent);
  box.append(intrinsic.getExtents());
  return box;
}

Obligations::Obligations(const Contraction &op, const Contraction &intrinsic,
                         const MappedAccesses &mapped, Solver::Memory &memory)
    : op(op), intrinsic(intrinsic), mapped(mapped), memory(memory),
      numLanes(intrinsic.iterations.size()), box(getBox(intrinsic, mapped)),
      software(op.getExtents()), hardware(box) {
  iterations = getVariables(software, 0, op.iterations.size());
  places = getVariables(hardware, 0, box.size());
  for (unsigned k = 0; k < getNumPlaces(); ++k)
    phi.push_back(software.evaluate(getPlace(k), iterations));
  psi = hardware.evaluate(mapped.inverse, places);
  for (const amos::Access &access : op.operands)
    live.append(software.evaluate(access.guards, iterations));
}

SmallVector<Sum> Obligations::getVariables(Sums &sums, unsigned from,
                                           unsigned count) {
  return llvm::map_to_vector(
      llvm::seq(from, from + count),
      [&](unsigned variable) { return sums.getVariable(variable); });
}

/// Places as an operand sees them: lanes that it does not have are 0.
SmallVector<Sum> Obligations::getSeen(unsigned operand,
                                      ArrayRef<Sum> places) const {
  auto seen = llvm::to_vector(places);
  for (unsigned k = getNumOuter(); k < seen.size(); ++k)
    if (!sees(operand, k))
      seen[k] = 0;
  return seen;
}

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

std::string Obligations::getName(bool isPlace, unsigned number) const {
  if (!isPlace)
    return op.iterations[number].name;
  return number < getNumOuter()
             ? mapped.outer[number].name
             : intrinsic.iterations[number - getNumOuter()].name;
}

std::string Obligations::describe(ArrayRef<int64_t> point, bool isPlace) const {
  ArrayRef<int64_t> extents = box;
  SmallVector<int64_t> softwareExtents = op.getExtents();
  if (!isPlace)
    extents = softwareExtents;
  SmallVector<std::string> parts;
  for (auto [k, value] : llvm::enumerate(point))
    if (extents[k] != 1)
      parts.push_back(getName(isPlace, k) + " = " + std::to_string(value));
  return parts.empty() ? "the only point" : llvm::join(parts, ", ");
}

Obligations::Words Obligations::explain(const Question &question, Sums &sums,
                                        const Twine &what, bool isPlace) {
  auto answer = question.find(memory);
  if (!answer)
    return std::nullopt;
  if (!answer->isDecided)
    return "too many divisions to decide whether " + what.str() + " somewhere";
  ArrayRef<int64_t> point = answer->point;
  unsigned period = isPlace ? getNumPlaces() : op.iterations.size();
  std::string words =
      what.str() + " at " + describe(point.take_front(period), isPlace);
  if (point.size() > period)
    words += " and at " + describe(point.drop_front(period), isPlace);
  return words;
}

//===----------------------------------------------------------------------===//
// T, I, S and D: every live point is executed once
//===----------------------------------------------------------------------===//

Obligations::Words Obligations::refuteTotal() {
  Question question(software);
  for (const Sum &guard : live)
    question.assumeNonNegative(guard);
  for (auto [k, position] : llvm::enumerate(phi)) {
    question.forbidBelow(position, 0);
    bool isUnbounded =
        llvm::any_of(llvm::seq<unsigned>(0, op.iterations.size()),
                     [&, k = k](unsigned v) { return isSameDynamic(k, v); });
    if (!isUnbounded)
      question.forbidAtLeast(position,
                             ShapedType::isDynamic(box[k]) ? 0 : box[k]);
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

/// A fragment may use only the lanes its operand has.
Obligations::Words Obligations::findForeignLane(unsigned t) const {
  const amos::Access &fragment = mapped.fragments[t];
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
  if (Words words = findForeignLane(t))
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
  Sums pair(twice);
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
/// their emptiness still suffices.
Question Obligations::askNeutral(bool withAccessGuards) {
  Question question(hardware);
  SmallVector<Sum> all;
  for (unsigned t = 0; t < mapped.fragments.size(); ++t) {
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
    if (!ShapedType::isDynamic(op.iterations[v].extent))
      question.forbidAtLeast(psi[v], op.iterations[v].extent);
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
  for (unsigned v = 0; v < psi.size(); ++v) {
    auto isOwnLoop = [&](unsigned k) {
      return isSameDynamic(k, v) && psi[v] == places[k];
    };
    if (ShapedType::isDynamic(op.iterations[v].extent) &&
        llvm::none_of(llvm::seq<unsigned>(0, getNumOuter()), isOwnLoop))
      return "the extent of '" + op.iterations[v].name +
             "' is unknown, it needs an outer loop of its own";
  }
  if (askNeutral(/*withAccessGuards=*/false).isEmpty(memory))
    return std::nullopt;
  return explain(askNeutral(/*withAccessGuards=*/true), hardware,
                 "there is no point but a product", true);
}

Obligations::Words Obligations::refuteBounds() {
  for (unsigned t = 0; t < mapped.fragments.size(); ++t) {
    Access fragment = evaluate(hardware, mapped.fragments[t], places);
    auto seen = hardware.evaluate(mapped.inverse, getSeen(t, places));
    Access through = evaluate(hardware, op.operands[t], seen);
    Question question(hardware);
    for (const Sum &guard : fragment.guards)
      question.assumeNonNegative(guard);
    for (auto [d, extent] : llvm::enumerate(mapped.fragments[t].shape)) {
      question.forbidBelow(fragment.index[d], 0);
      // The operator itself stays inside extents that are not known.
      if (!ShapedType::isDynamic(extent))
        question.forbidAtLeast(fragment.index[d], extent);
      else if (!(fragment.index[d] == through.index[d]))
        question.forbidAtLeast(fragment.index[d], 0);
    }
    if (Words words =
            explain(question, hardware,
                    "operand " + Twine(t) + " leaves its tensor", true))
      return words;
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// All
//===----------------------------------------------------------------------===//

Obligations::Words Obligations::refute(Duty duty) {
  Words words;
  switch (duty) {
  case Duty::Total:
    words = refuteTotal();
    break;
  case Duty::Inverse:
    words = refuteInverse();
    break;
  case Duty::Source:
    for (unsigned t = 0; t < op.getDestination() && !words; ++t)
      words = refuteConsistent(t);
    break;
  case Duty::Destination:
    words = refuteConsistent(op.getDestination());
    break;
  case Duty::Lanes:
    words = refuteDistinct(/*isAcrossTiles=*/false);
    break;
  case Duty::Races:
    words = refuteDistinct(/*isAcrossTiles=*/true);
    break;
  case Duty::Neutral:
    words = refuteNeutral();
    break;
  case Duty::Bounds:
    words = refuteBounds();
    break;
  }
  if (software.areExact() && hardware.areExact())
    return words;
  return "an index is not quasi-affine or too large";
}

std::optional<Refutation> amos::refute(Duty duty, const Contraction &op,
                                       const Contraction &intrinsic,
                                       const MappedAccesses &mapped,
                                       Solver &solver) {
  Obligations obligations(op, intrinsic, mapped, solver.getMemory());
  if (auto words = obligations.refute(duty))
    return Refutation{duty, *words};
  return std::nullopt;
}

std::optional<Refutation> amos::refute(const Contraction &op,
                                       const Contraction &intrinsic,
                                       const MappedAccesses &mapped,
                                       Solver &solver) {
  Obligations obligations(op, intrinsic, mapped, solver.getMemory());
  for (Duty duty : {Duty::Total, Duty::Inverse, Duty::Source, Duty::Destination,
                    Duty::Lanes, Duty::Races, Duty::Neutral, Duty::Bounds})
    if (auto words = obligations.refute(duty))
      return Refutation{duty, *words};
  return std::nullopt;
}
