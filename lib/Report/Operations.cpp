//===- Operations.cpp - What was decided about each operator --------------===//

#include "amos/Report/Operations.h"
#include "Amos/AmosDialect.h"
#include "amos/Mapping/Contraction.h"
#include "amos/Mapping/Epilogue.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Builders.h"

using namespace mlir;

namespace amos {

static StringRef nameOperation(linalg::LinalgOp op) {
  if (auto name = op->getAttrOfType<StringAttr>("amos.operation"))
    return name;
  return op->getName().getStringRef();
}

static std::string spellLocation(Location location) {
  auto position = location->findInstanceOf<FileLineColLoc>();
  if (!position)
    return "";
  return (position.getFilename().getValue() + ":" + Twine(position.getLine()) +
          ":" + Twine(position.getColumn()))
      .str();
}

/// The product of the extents of the iterations of the given kinds, 0 when one
/// of them is dynamic.
static int64_t countPoints(linalg::LinalgOp op, bool reductionsOnly) {
  int64_t points = 1;
  for (auto [extent, kind] :
       llvm::zip(op.getStaticLoopRanges(), op.getIteratorTypesArray())) {
    if (reductionsOnly && kind != utils::IteratorType::reduction)
      continue;
    if (ShapedType::isDynamic(extent))
      return 0;
    points *= extent;
  }
  return points;
}

static bool multiplies(linalg::LinalgOp op) {
  auto result = op->walk([](Operation *inner) {
    return isa<arith::MulFOp, arith::MulIOp>(inner) ? WalkResult::interrupt()
                                                    : WalkResult::advance();
  });
  return result.wasInterrupted();
}

static bool onlyReturns(linalg::LinalgOp op) {
  return op->getNumResults() > 0 &&
         llvm::all_of(op->getUsers(), llvm::IsaPred<func::ReturnOp>);
}

/// Whether what the op yields may be off by more than its rounding, as what a
/// polynomial or a library yields is.
static bool isApproximate(Operation &op) {
  return isa<math::MathDialect>(op.getDialect()) &&
         !isa<math::AbsFOp, math::CeilOp, math::FloorOp, math::TruncOp,
              math::RoundOp, math::RoundEvenOp, math::CopySignOp, math::SqrtOp,
              math::FmaOp>(op);
}

/// The float types that `op` rounds values to which it computes on with.
static void appendRounded(linalg::LinalgOp op, bool isRoundedAgain,
                          SmallVectorImpl<FloatType> &types) {
  auto append = [&](Type type) {
    if (auto floatType = dyn_cast<FloatType>(type))
      types.push_back(floatType);
  };
  if (isRoundedAgain)
    append(getElementTypeOrSelf(op.getDpsInits().front().getType()));
  Value yielded = op.getBlock()->getTerminator()->getOperand(0);
  for (Operation &inner : op.getBlock()->without_terminator())
    for (Value result : inner.getResults())
      if (result != yielded || isApproximate(inner))
        append(result.getType());
}

/// The coarsest of the types that values are rounded to on their way. A result
/// that is neither summed nor read again is rounded only once, which the
/// precision of the output accounts for.
static StringAttr readAccumulator(linalg::LinalgOp op,
                                  const std::optional<Epilogue> &epilogue,
                                  Builder &builder) {
  SmallVector<FloatType> types;
  appendRounded(op, op.getNumReductionLoops() > 0 || !onlyReturns(op), types);
  if (epilogue)
    appendRounded(epilogue->op, !onlyReturns(epilogue->op), types);
  if (types.empty())
    return nullptr;
  FloatType coarsest = *llvm::min_element(types, [](FloatType a, FloatType b) {
    return a.getFPMantissaWidth() < b.getFPMantissaWidth();
  });
  std::string name;
  llvm::raw_string_ostream(name) << coarsest;
  return builder.getStringAttr(name);
}

/// The type that factors are rounded to before they are multiplied.
static StringAttr readRounding(linalg::LinalgOp op, Builder &builder) {
  StringAttr rounding;
  op->walk([&](arith::ExtFOp extension) {
    auto cut = extension.getIn().getDefiningOp<arith::TruncFOp>();
    if (!cut)
      return;
    std::string name;
    llvm::raw_string_ostream(name) << getElementTypeOrSelf(cut.getType());
    rounding = builder.getStringAttr(name);
  });
  return rounding;
}

/// How often a sum of `extents` passes through the intrinsic's unit, if each of
/// its iterations has the group of loops that `mapping` matches it with.
static int64_t countIssues(MappingAttr mapping, const Contraction &intrinsic,
                           linalg::LinalgOp op) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  SmallVector<utils::IteratorType> kinds = op.getIteratorTypesArray();
  int64_t issues = 1;
  SmallVector<bool> isMatched(extents.size(), false);
  for (auto [group, lane] :
       llvm::zip_first(mapping.getMatching(), intrinsic.iterations)) {
    int64_t points = 1;
    bool isSum = false;
    for (int64_t loop : group.asArrayRef()) {
      isMatched[loop] = true;
      points *= extents[loop];
      isSum |= kinds[loop] == utils::IteratorType::reduction;
    }
    if (isSum)
      issues *= llvm::divideCeil(points, lane.extent);
  }
  for (auto [loop, extent] : llvm::enumerate(extents))
    if (!isMatched[loop] && kinds[loop] == utils::IteratorType::reduction)
      issues *= extent;
  return issues;
}

/// What an intrinsic that keeps fewer bits of a sum than its type has rounds.
static void readSums(linalg::LinalgOp op, NamedAttrList &fields) {
  auto mapping = op->getAttrOfType<MappingAttr>("amos.mapping");
  auto intrinsic = mapping ? SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
                                 op, mapping.getIntrinsic())
                           : IntrinsicOp();
  if (!intrinsic || !intrinsic.getSumBits() || op.hasDynamicShape())
    return;
  Builder builder(op->getContext());
  fields.append("sum_bits", builder.getI64IntegerAttr(*intrinsic.getSumBits()));
  fields.append("issues", builder.getI64IntegerAttr(countIssues(
                              mapping, readIntrinsic(intrinsic), op)));
}

static ArrayAttr listNames(const Epilogue &epilogue, Builder &builder) {
  return builder.getStrArrayAttr(getOperationNames(epilogue));
}

static DictionaryAttr readOperation(linalg::LinalgOp op) {
  Builder builder(op->getContext());
  bool isContraction = op.getNumReductionLoops() > 0 && multiplies(op);
  int64_t macs = isContraction ? countPoints(op, false) : 0;
  std::optional<Epilogue> epilogue = getEpilogue(op);
  NamedAttrList fields;
  fields.append("operation", builder.getStringAttr(nameOperation(op)));
  fields.append("location", builder.getStringAttr(spellLocation(op.getLoc())));
  fields.append("extents",
                builder.getDenseI64ArrayAttr(op.getStaticLoopRanges()));
  fields.append("reduction", builder.getI64IntegerAttr(countPoints(op, true)));
  fields.append("macs", builder.getI64IntegerAttr(macs));
  if (StringAttr accumulator = readAccumulator(op, epilogue, builder))
    fields.append("accumulator", accumulator);
  if (StringAttr rounding = readRounding(op, builder))
    fields.append("rounding", rounding);
  readSums(op, fields);
  for (StringRef decision : {"mapping", "schedule", "cost"})
    if (Attribute attribute = op->getAttr(("amos." + decision).str()))
      fields.append(decision, attribute);
  if (epilogue)
    fields.append("epilogue", listNames(*epilogue, builder));
  return fields.getDictionary(op->getContext());
}

/// An epilogue is listed with its contraction.
ArrayAttr readOperations(func::FuncOp function) {
  SmallVector<Attribute> operations;
  llvm::SmallPtrSet<Operation *, 8> listed;
  function.walk([&](linalg::LinalgOp op) {
    if (std::optional<Epilogue> epilogue = getEpilogue(op))
      listed.insert(epilogue->op);
    if (!isa<linalg::FillOp>(op) && !op.getDpsInits().empty() &&
        !listed.contains(op))
      operations.push_back(readOperation(op));
  });
  return ArrayAttr::get(function.getContext(), operations);
}

} // namespace amos
