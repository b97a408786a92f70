//===- ApplyMapping.cpp - Mapped contractions become loops over tiles -----===//

#include "MappedNest.h"
#include "amos/Model/Machine.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace amos {
#define GEN_PASS_DEF_APPLYMAPPING
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct ApplyMappingPass : amos::impl::ApplyMappingBase<ApplyMappingPass> {
  void runOnOperation() override;
  LogicalResult apply(linalg::LinalgOp op, MappingAttr mapping,
                      ScheduleAttr schedule);
};
} // namespace

/// A new buffer of the extents of a tensor.
static Value createResult(OpBuilder &builder, Location loc, Value tensor) {
  return createBuffer(
      builder, loc, tensor::getMixedSizes(builder, loc, tensor),
      cast<RankedTensorType>(tensor.getType()).getElementType());
}

static MemRefType getBufferType(Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  return MemRefType::get(type.getShape(), type.getElementType());
}

/// The memory behind a source: itself, or a read-only buffer of the tensor.
static Value getBuffer(OpBuilder &builder, Location loc, Value value) {
  if (isa<MemRefType>(value.getType()))
    return value;
  return bufferization::ToBufferOp::create(builder, loc, getBufferType(value),
                                           value, /*read_only=*/true);
}

static Matching getMatching(MappingAttr mapping) {
  return llvm::map_to_vector(mapping.getMatching(), [](auto group) {
    return SmallVector<int64_t>(group.asArrayRef());
  });
}

/// The operator's sources in the order the intrinsic takes them.
static SmallVector<int64_t> getSources(MappingAttr mapping, unsigned count) {
  return llvm::map_to_vector(llvm::seq<unsigned>(0, count),
                             [&](unsigned t) { return mapping.getSource(t); });
}

/// A spread nest names the scopes that code for the intrinsic is spread over.
static std::optional<Reason> checkScopes(IntrinsicOp intrinsic,
                                         const Schedule &schedule) {
  IntrinsicModel model = readModel(intrinsic);
  auto refuse = [](const Twine &message) {
    return Reason{ReasonCode::Struct, message.str(), ""};
  };
  if (schedule.isSpread() && !model.isSpread())
    return refuse("its loops are spread, but code for '" + model.name +
                  "' cannot be");
  bool isInUnit = false;
  for (const Schedule::Loop &loop : schedule.nest) {
    bool isUnit = loop.scope == model.unitScope;
    if (!loop.scope.empty() && (isInUnit || loop.scope != model.groupScope) &&
        !isUnit)
      return refuse("a loop is spread over '" + loop.scope + "', expected '" +
                    (isInUnit ? "" : model.groupScope + "' or '") +
                    model.unitScope + "' there");
    isInUnit |= isUnit;
  }
  return std::nullopt;
}

/// What brings the sources that stay in memory, or why the schedule cannot be
/// run.
static std::variant<StageCopies, Reason> check(const Contraction &op,
                                               IntrinsicOp intrinsicOp,
                                               const Matching &matching,
                                               const Schedule &schedule) {
  Contraction intrinsic = readIntrinsic(intrinsicOp);
  if (std::optional<Reason> reason =
          checkLayout(op, intrinsic, matching, schedule))
    return *reason;
  MappedAccesses mapped = mapAccesses(op, intrinsic, matching, schedule);
  if (std::optional<Reason> reason = checkSchedule(mapped, schedule))
    return *reason;
  if (std::optional<Reason> reason = checkScopes(intrinsicOp, schedule))
    return *reason;
  Solver solver;
  return planStages(intrinsicOp, op, mapped, schedule, solver);
}

LogicalResult ApplyMappingPass::apply(linalg::LinalgOp op, MappingAttr mapping,
                                      ScheduleAttr schedule) {
  auto intrinsic = SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
      op, mapping.getIntrinsic());
  if (!intrinsic)
    return op.emitError("expected an intrinsic named '")
           << mapping.getIntrinsic() << "' in the module, found none";
  std::variant<ReadContraction, Reason> read = readContraction(op);
  if (auto *reason = std::get_if<Reason>(&read))
    return op.emitError() << reason->message;
  ReadContraction &contraction = std::get<ReadContraction>(read);
  SmallVector<int64_t> sources =
      getSources(mapping, contraction.contraction.getDestination());
  Contraction permuted = permuteSources(contraction.contraction, sources);
  Matching matching = getMatching(mapping);
  Schedule plain = Schedule::get(schedule);
  auto checked = check(permuted, intrinsic, matching, plain);
  if (auto *reason = std::get_if<Reason>(&checked))
    return op.emitError("'amos.schedule' cannot be run: ") << reason->message;

  OpBuilder builder(op);
  Location loc = op.getLoc();
  SmallVector<Value> buffers = llvm::map_to_vector(sources, [&](int64_t t) {
    return getBuffer(builder, loc, contraction.values[t]);
  });
  Value outs = contraction.values.back();
  bool isTensor = !isa<MemRefType>(outs.getType());
  Value init =
      contraction.startsAtZero ? Value() : getBuffer(builder, loc, outs);
  buffers.push_back(isTensor ? createResult(builder, loc, outs) : outs);
  MappedNest nest(builder, loc, permuted, intrinsic, matching, plain,
                  std::get<0>(checked), buffers, init);
  nest.emit();
  if (isTensor) {
    Value result = bufferization::ToTensorOp::create(
        builder, loc, outs.getType(), buffers.back(), /*restrict=*/true,
        /*writable=*/true);
    op->replaceAllUsesWith(ValueRange(result));
  }
  op->erase();
  return success();
}

void ApplyMappingPass::runOnOperation() {
  if (failed(verifyPlain(getOperation())))
    return signalPassFailure();
  SmallVector<linalg::LinalgOp> mapped;
  getOperation().walk([&](linalg::LinalgOp op) {
    if (op->hasAttr("amos.mapping") && op->hasAttr("amos.schedule"))
      mapped.push_back(op);
  });
  for (linalg::LinalgOp op : mapped)
    if (failed(apply(op, op->getAttrOfType<MappingAttr>("amos.mapping"),
                     op->getAttrOfType<ScheduleAttr>("amos.schedule"))))
      return signalPassFailure();
}
