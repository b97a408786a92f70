//===- Problem.cpp - What a mapping makes of an operator ------------------===//

#include "amos/Mapping/PackedTiles.h"
#include "amos/Model/CostModel.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace amos;

/// Whether the numbers of a mapping are those of iterations and sources; the
/// rest is the proof's.
static bool isWellFormed(MappingAttr mapping, const Contraction &op,
                         const Contraction &intrinsic) {
  llvm::SmallBitVector iterations(op.iterations.size()),
      sources(op.getDestination());
  auto take = [](llvm::SmallBitVector &set, int64_t i) {
    bool isNew = i >= 0 && i < int64_t(set.size()) && !set.test(i);
    if (isNew)
      set.set(i);
    return isNew;
  };
  for (DenseI64ArrayAttr group : mapping.getMatching())
    for (int64_t v : group.asArrayRef())
      if (!take(iterations, v))
        return false;
  if (mapping.getOperands() &&
      mapping.getOperands().size() != int64_t(sources.size()))
    return false;
  for (unsigned t = 0; t < sources.size(); ++t)
    if (!take(sources, mapping.getSource(t)))
      return false;
  return mapping.getMatching().size() == intrinsic.iterations.size() &&
         op.operands.size() == intrinsic.operands.size();
}

/// Instructions of an approximation by polynomials.
constexpr double functionWork = 20;

/// An element of `value` at `index`, a function of the contraction's result.
static Access readAccess(Value value, AffineMap index) {
  auto type = cast<RankedTensorType>(value.getType());
  Access access{index,
                llvm::to_vector(type.getShape()),
                {},
                type.getElementType(),
                /*strides=*/{}};
  llvm::replace(access.shape, ShapedType::kDynamic, assumedExtent);
  return access;
}

static Finish readFinish(const Epilogue &epilogue) {
  linalg::LinalgOp op = epilogue.op;
  Finish finish{readAccess(op->getResult(0), epilogue.place), {}, 0};
  for (const Epilogue::Source &source : epilogue.sources)
    finish.sources.push_back(
        readAccess(source.value, source.map.compose(epilogue.place)));
  for (Operation &inner : op.getBlock()->without_terminator())
    finish.work += isa_and_nonnull<math::MathDialect>(inner.getDialect())
                       ? functionWork
                       : 1;
  return finish;
}

std::optional<MappedProblem> amos::getProblem(const ReadContraction &op,
                                              MappingAttr mapping,
                                              const IntrinsicModel &intrinsic) {
  if (!isWellFormed(mapping, op.contraction, intrinsic.contraction))
    return std::nullopt;
  MappedProblem problem;
  SmallVector<int64_t> sources;
  for (unsigned t = 0; t < op.contraction.getDestination(); ++t)
    sources.push_back(mapping.getSource(t));
  for (int64_t source : sources)
    problem.prepacked.push_back(isPrepacked(op.values[source]));
  problem.op =
      assumeExtents(permuteSources(op.contraction, sources), assumedExtent);
  for (auto [d, extent] : llvm::enumerate(op.contraction.getExtents()))
    if (ShapedType::isDynamic(extent))
      problem.assumed = d;
  for (DenseI64ArrayAttr group : mapping.getMatching())
    problem.matching.emplace_back(group.asArrayRef());
  problem.intrinsic = intrinsic;
  problem.startsAtZero = op.startsAtZero;
  if (op.epilogue)
    problem.finish = readFinish(*op.epilogue);
  return problem;
}

bool amos::mustPad(const MappedProblem &problem) {
  SmallVector<int64_t> extents = problem.op.getExtents(),
                       tile = problem.intrinsic.contraction.getExtents();
  return llvm::any_of(llvm::enumerate(problem.matching), [&](auto group) {
    const int64_t divisor = tile[group.index()];
    // Of a product, only what it leaves modulo the divisor matters.
    int64_t rest = 1 % divisor;
    for (int64_t v : group.value())
      rest = rest * (extents[v] % divisor) % divisor;
    return rest != 0;
  });
}
