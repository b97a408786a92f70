//===- IntrinsicOp.cpp - Verification of what computes --------------------===//

#include "Amos/Verify.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Semantics
//===----------------------------------------------------------------------===//

/// Every schedule that is priced asks where each of them lies.
constexpr int64_t mostElements = int64_t(1) << 16;

static LogicalResult verifyOperandTypes(IntrinsicOp op) {
  if (op.getSemantics().getNumArguments() < 2)
    return op.emitOpError("expects 'semantics' to take sources and the "
                          "accumulator, got ")
           << op.getSemantics().getNumArguments() << " arguments";
  for (BlockArgument argument : op.getSemantics().getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type || !type.hasStaticShape() ||
        !type.getElementType().isIntOrFloat() || type.getNumElements() < 1 ||
        type.getNumElements() > mostElements)
      return emitError(argument.getLoc())
             << "expects argument " << argument.getArgNumber()
             << " of 'semantics' to be a tensor of numbers and of 1 to "
             << mostElements << " elements, got " << argument.getType();
  }
  return success();
}

/// The one linalg op; constants may stand beside it.
static FailureOr<linalg::LinalgOp> findComputation(IntrinsicOp op) {
  linalg::LinalgOp found;
  for (Operation &inner : op.getSemantics().front().without_terminator()) {
    auto linalgOp = dyn_cast<linalg::LinalgOp>(inner);
    if (linalgOp && !found) {
      found = linalgOp;
      continue;
    }
    if (!isa<arith::ConstantOp>(inner))
      return inner.emitOpError(
          "expects to stand outside of 'semantics', which is one linalg op");
  }
  if (!found)
    return op.emitOpError("expects one linalg op in 'semantics'");
  return found;
}

/// The sources are read in order, the last argument is written.
static LogicalResult verifyDataflow(IntrinsicOp op, linalg::LinalgOp linalgOp) {
  auto arguments = op.getSemantics().getArguments();
  if (linalgOp->getOperands() != ValueRange(arguments))
    return linalgOp->emitOpError(
        "expects the arguments of 'semantics' as operands, in order");
  auto yield = dyn_cast<YieldOp>(op.getSemantics().front().back());
  if (!yield || yield.getValues() != ValueRange(linalgOp->getResults()) ||
      linalgOp->getNumResults() != 1)
    return op.getSemantics().front().back().emitOpError(
        "expects 'semantics' to yield the result of its linalg op");
  return success();
}

static LogicalResult verifyIterations(linalg::LinalgOp linalgOp) {
  if (linalgOp.hasIndexSemantics())
    return linalgOp->emitOpError(
        "expects a body that does not read its own iterations");
  SmallVector<AffineMap> maps = linalgOp.getIndexingMapsArray();
  for (AffineMap map : maps)
    if (!map.isProjectedPermutation())
      return linalgOp->emitOpError("expects accesses by permuted iterations, "
                                   "got '")
             << AffineMapAttr::get(map) << "'";
  for (auto [index, kind] : llvm::enumerate(linalgOp.getIteratorTypesArray())) {
    bool inResult = maps.back().isFunctionOfDim(index);
    if (inResult != (kind == utils::IteratorType::parallel))
      return linalgOp->emitOpError("expects iteration ")
             << index << " to be \"" << (inResult ? "parallel" : "reduction")
             << "\", since the accumulator "
             << (inResult ? "depends" : "does not depend") << " on it";
  }
  return success();
}

static LogicalResult verifySemantics(IntrinsicOp op) {
  if (!llvm::hasSingleElement(op.getSemantics()))
    return op.emitOpError("expects one block in 'semantics'");
  if (failed(verifyOperandTypes(op)))
    return failure();
  FailureOr<linalg::LinalgOp> linalgOp = findComputation(op);
  if (failed(linalgOp) || failed(verifyDataflow(op, *linalgOp)) ||
      failed(verifyIterations(*linalgOp)))
    return failure();
  return verifyDimensions(op, "partial", op.getPartial(),
                          linalgOp->getNumLoops());
}

//===----------------------------------------------------------------------===//
// Lowering
//===----------------------------------------------------------------------===//

/// Whether the accumulator is an SSA value.
static bool isHeldInRegisters(IntrinsicOp op) {
  return op.getPlacements() && !op.getPlacements()->empty() &&
         isa<FragmentAttr>(op.getPlacementsAttr().getValue().back());
}

/// `accumulator` is its position among the arguments of the lowering.
static LogicalResult verifyInit(IntrinsicOp op, unsigned accumulator) {
  if (op.getInit().empty()) {
    if (!op.getLowering().empty() && !isHeldInRegisters(op) &&
        !op.getOverwrite())
      return op.emitOpError("expects 'overwrite', since its accumulator lies "
                            "in a memory");
    return success();
  }
  if (op.getOverwrite())
    return op.emitOpError("expects either 'overwrite' or 'init', got both");
  if (op.getLowering().empty() || !isHeldInRegisters(op))
    return op.emitOpError("expects no 'init', since no accumulator is held in "
                          "registers");
  return verifyRegion(
      op, op.getInit(), "init", {},
      Expected{Expected::Exactly, "the accumulator",
               op.getLowering().getArgument(accumulator).getType()});
}

static LogicalResult verifyOperands(IntrinsicOp op, ScopeOp issue,
                                    SymbolTableCollection &symbols,
                                    SmallVectorImpl<Expected> &arguments) {
  ArrayRef<Attribute> placements = op.getPlacementsAttr().getValue();
  if (placements.size() != op.getSemantics().getNumArguments())
    return op.emitOpError("expects 'operands' to be ")
           << op.getSemantics().getNumArguments()
           << " placements, one for each argument of 'semantics', got "
           << placements.size();
  SmallVector<Type> received(op.getLowering().getArgumentTypes());
  int64_t strides = 0;
  for (auto [index, placement] : llvm::enumerate(placements)) {
    RankedTensorType type = op.getOperandType(index);
    Type element = type.getElementType();
    PlacedOperand operand{"operand " + std::to_string(index),
                          placement,
                          type.getShape(),
                          llvm::divideCeil(element.getIntOrFloatBitWidth(), 8u),
                          element,
                          issue,
                          /*canBeWider=*/index + 1 < placements.size()};
    if (failed(verifyPlacement(op, operand, symbols, received,
                               /*stridesInState=*/false, arguments, strides)))
      return failure();
  }
  return success();
}

/// The arguments after the operands, and what is yielded.
static LogicalResult verifyLowering(IntrinsicOp op,
                                    SmallVector<Expected> arguments) {
  if (op.getLowering().empty())
    return success();
  SmallVector<Expected> results;
  if (isHeldInRegisters(op) &&
      op.getLowering().getNumArguments() >= arguments.size())
    results.push_back(
        {Expected::Exactly, "the new accumulator",
         op.getLowering().getArgument(arguments.size() - 1).getType()});
  for (int64_t dim : op.getPartial().value_or(ArrayRef<int64_t>()))
    arguments.push_back(
        {Expected::Integer, "the extent of iteration " + std::to_string(dim)});
  if (op.getOverwrite())
    arguments.push_back({Expected::Exactly, "whether to overwrite",
                         IntegerType::get(op.getContext(), 1)});
  return verifyRegion(op, op.getLowering(), "lowering", arguments, results);
}

LogicalResult IntrinsicOp::verify() {
  if (failed(verifyPositive(*this, "latency", getLatency())) ||
      failed(verifyPositive(*this, "interval", getInterval())) ||
      failed(verifyPositive(*this, "parts", getParts())) ||
      failed(verifyPositive(*this, "sum_bits", getSumBits())) ||
      failed(verifyTogether(*this, getIntervalAttr(), "interval", getUnitAttr(),
                            "unit")))
    return failure();
  if (getParts() && !getUnit())
    return emitOpError("expects 'interval' beside 'parts'");
  if (!getLowering().empty() && !getPlacements())
    return emitOpError("expects 'operands' beside 'lowering'");
  return success();
}

LogicalResult IntrinsicOp::verifyUses(SymbolTableCollection &symbols) {
  FailureOr<ScopeOp> issue = findPart<ScopeOp>(*this, getIssueAttr(), symbols);
  if (failed(issue) || failed(verifySemantics(*this)) ||
      failed(verifyUnit(*this, *issue, getUnitAttr(), symbols)))
    return failure();
  if (getGroup() && failed(findPart<GroupOp>(*this, getGroupAttr(), symbols)))
    return failure();
  if (getState() && failed(findPart<StateOp>(*this, getStateAttr(), symbols)))
    return failure();
  if (!getPlacements())
    return success();
  SmallVector<Expected> arguments;
  if (failed(verifyOperands(*this, *issue, symbols, arguments)) ||
      failed(verifyLowering(*this, arguments)))
    return failure();
  return verifyInit(*this, arguments.size() - 1);
}
