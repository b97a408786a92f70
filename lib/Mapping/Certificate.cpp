//===- Certificate.cpp - Is a mapping right? ------------------------------===//

#include "amos/Mapping/Certificate.h"
#include "Obligations.h"

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
      parameters(op.getParameters()),
      software(op.getExtents(), parameters.size()),
      hardware(box, parameters.size()) {
  for (unsigned v : parameters)
    software.setLimit(v, software.evaluate(op.getExtent(v), {}));
  for (unsigned k = 0; k < getNumOuter(); ++k)
    if (ShapedType::isDynamic(box[k]))
      hardware.setLimit(k, getSize(hardware, k));
  iterations = getVariables(software, 0, op.iterations.size());
  places = getVariables(hardware, 0, box.size());
  for (unsigned k = 0; k < getNumPlaces(); ++k)
    phi.push_back(software.evaluate(getPlace(k), iterations));
  psi = hardware.evaluate(mapped.inverse, places);
  for (const amos::Access &access : op.operands)
    live.append(software.evaluate(access.guards, iterations));
}

Sum Obligations::getSize(Sums &sums, unsigned place) {
  return ShapedType::isDynamic(box[place])
             ? sums.evaluate(mapped.outer[place].trips, {})
             : Sum(box[place]);
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

/// What the extents are that were not known, if any.
std::string Obligations::describeParameters(ArrayRef<int64_t> values) const {
  SmallVector<std::string> parts;
  for (auto [v, value] : llvm::zip_equal(parameters, values))
    parts.push_back("'" + op.iterations[v].name + "' has extent " +
                    std::to_string(value));
  return parts.empty() ? "" : ", where " + llvm::join(parts, ", ");
}

Obligations::Words Obligations::explain(const Question &question, Sums &sums,
                                        const Twine &what, bool isPlace) {
  auto answer = question.find(memory);
  if (!answer)
    return std::nullopt;
  if (!answer->isDecided)
    return "too many divisions to decide whether " + what.str() + " somewhere";
  auto point = ArrayRef(answer->point).drop_back(parameters.size());
  unsigned period = isPlace ? getNumPlaces() : op.iterations.size();
  std::string words =
      what.str() + " at " + describe(point.take_front(period), isPlace);
  if (point.size() > period)
    words += " and at " + describe(point.drop_front(period), isPlace);
  return words + describeParameters(
                     ArrayRef(answer->point).take_back(parameters.size()));
}

//===----------------------------------------------------------------------===//
// Verdicts
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
