//===- ApplyMapping.cpp - Mapped contractions become loops over tiles -----===//

#include "MappedNest.h"
#include "Prepacking.h"
#include "amos/Model/Machine.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

namespace amos {
#define GEN_PASS_DEF_APPLYMAPPING
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct ApplyMappingPass : amos::impl::ApplyMappingBase<ApplyMappingPass> {
  void runOnOperation() override;
};

/// One operator that becomes a mapped nest.
class Application {
public:
  Application(linalg::LinalgOp op, Prepacking &prepacking)
      : op(op), builder(op), prepacking(prepacking) {}
  LogicalResult run();

private:
  LogicalResult read();
  MappedNest createNest(OpBuilder &b, ValueRange buffers,
                        std::optional<InitialSums> init) const;
  /// What accumulation starts from, nothing for zero.
  std::optional<InitialSums> readInitialSums();
  /// What of the sources, in the order of the intrinsic, is packed before the
  /// nest runs; null for the others.
  SmallVector<Value> findPacked();
  Value packConstant(const MappedNest &nest, unsigned source,
                     ElementsAttr constant);
  Value packArgument(const MappedNest &nest, unsigned source, Value argument);

  linalg::LinalgOp op;
  OpBuilder builder;
  Prepacking &prepacking;
  IntrinsicOp intrinsic;
  Matching matching;
  Schedule schedule;
  Contraction contraction;   ///< sources in the intrinsic's order
  SmallVector<Value> values; ///< of them and the destination
  StageCopies copies;
  Value initialSums; ///< null for zero
  AffineMap initialMap;
  std::optional<Epilogue> epilogue;
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

/// Whether it can be told, while the nest runs, which part of a sum is the
/// last.
static bool knowsLastSums(const Contraction &op, IntrinsicOp intrinsic,
                          const Matching &matching, const Schedule &schedule) {
  MappedAccesses mapped =
      mapAccesses(op, readIntrinsic(intrinsic), matching, schedule);
  auto rest =
      ArrayRef(schedule.nest).drop_back(countInnerReductions(mapped, schedule));
  return llvm::all_of(rest, [&](const Schedule::Loop &loop) {
    const OuterLoop &outer = mapped.outer[loop.outer];
    return outer.isParallel || !ShapedType::isDynamic(outer.extent);
  });
}

/// The epilogue on buffers, its result a new one.
static StoredEpilogue getStored(OpBuilder &builder, Location loc,
                                const Epilogue &epilogue) {
  linalg::LinalgOp op = epilogue.op;
  StoredEpilogue stored{
      epilogue, createResult(builder, loc, op.getDpsInits()[0]), {}};
  for (const Epilogue::Source &source : epilogue.sources)
    stored.sources.push_back(getBuffer(builder, loc, source.value));
  return stored;
}

LogicalResult Application::read() {
  auto mapping = op->getAttrOfType<MappingAttr>("amos.mapping");
  intrinsic = SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
      op, mapping.getIntrinsic());
  if (!intrinsic)
    return op.emitError("expected an intrinsic named '")
           << mapping.getIntrinsic() << "' in the module, found none";
  std::variant<ReadContraction, Reason> result = readContraction(op);
  if (auto *reason = std::get_if<Reason>(&result))
    return op.emitError() << reason->message;
  ReadContraction &read = std::get<ReadContraction>(result);
  SmallVector<int64_t> sources =
      getSources(mapping, read.contraction.getDestination());
  contraction = permuteSources(read.contraction, sources);
  for (int64_t t : sources)
    values.push_back(read.values[t]);
  values.push_back(read.values.back());
  if (!read.startsAtZero) {
    initialSums = read.init;
    initialMap = read.initMap;
  }
  epilogue = read.epilogue;
  matching = getMatching(mapping);
  schedule = Schedule::get(op->getAttrOfType<ScheduleAttr>("amos.schedule"));
  auto checked = check(contraction, intrinsic, matching, schedule);
  if (auto *reason = std::get_if<Reason>(&checked))
    return op.emitError("'amos.schedule' cannot be run: ") << reason->message;
  copies = std::get<StageCopies>(checked);
  return success();
}

MappedNest Application::createNest(OpBuilder &b, ValueRange buffers,
                                   std::optional<InitialSums> init) const {
  return MappedNest(b, op->getLoc(), contraction, intrinsic, matching, schedule,
                    copies, buffers, init);
}

std::optional<InitialSums> Application::readInitialSums() {
  if (!initialSums)
    return std::nullopt;
  return InitialSums{getBuffer(builder, op->getLoc(), initialSums), initialMap};
}

Value Application::packConstant(const MappedNest &nest, unsigned source,
                                ElementsAttr constant) {
  DenseElementsAttr packed = nest.packConstant(source, constant);
  return getBuffer(builder, op->getLoc(),
                   arith::ConstantOp::create(builder, op->getLoc(),
                                             packed.getType(), packed));
}

Value Application::packArgument(const MappedNest &nest, unsigned source,
                                Value argument) {
  auto fill = [&](OpBuilder &b, Value plain, Value packed) {
    SmallVector<Value> buffers(values.size());
    buffers[source] = plain;
    createNest(b, buffers, std::nullopt).emitPacking(source, packed);
  };
  return prepacking.add(builder, argument, nest.getPackedType(source), fill);
}

SmallVector<Value> Application::findPacked() {
  SmallVector<Value> packed(contraction.getDestination());
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Value> nothing(values.size());
  for (auto [t, staging] : llvm::enumerate(schedule.staging)) {
    if (staging != Staging::Pack || !isPrepacked(values[t]))
      continue;
    MappedNest nest = createNest(builder, nothing, std::nullopt);
    if (!nest.canPrepack(t))
      continue;
    ElementsAttr constant;
    packed[t] = matchPattern(values[t], m_Constant(&constant))
                    ? packConstant(nest, t, constant)
                    : packArgument(nest, t, values[t]);
  }
  return packed;
}

LogicalResult Application::run() {
  if (failed(read()))
    return failure();
  if (epilogue && !knowsLastSums(contraction, intrinsic, matching, schedule))
    epilogue.reset();
  linalg::LinalgOp last = epilogue ? epilogue->op : op;
  builder.setInsertionPoint(last);
  Location loc = op.getLoc();
  SmallVector<Value> packed = findPacked();
  SmallVector<Value> buffers;
  for (auto [value, known] : llvm::zip(values, packed))
    buffers.push_back(known ? Value() : getBuffer(builder, loc, value));
  Value outs = values.back();
  bool isTensor = !isa<MemRefType>(outs.getType());
  buffers.push_back(isTensor ? createResult(builder, loc, outs) : outs);
  MappedNest nest = createNest(builder, buffers, readInitialSums());
  for (auto [t, buffer] : llvm::enumerate(packed))
    if (buffer)
      nest.setPacked(t, buffer);
  if (epilogue)
    nest.setEpilogue(getStored(builder, loc, *epilogue));
  nest.emit();
  if (isTensor) {
    Value result = bufferization::ToTensorOp::create(
        builder, loc, last->getResult(0).getType(), nest.getResult(),
        /*restrict=*/true, /*writable=*/true);
    last->replaceAllUsesWith(ValueRange(result));
  }
  if (epilogue)
    last->erase();
  op->erase();
  // Sums that an epilogue takes from registers have no memory.
  if (epilogue && buffers.back().use_empty())
    buffers.back().getDefiningOp()->erase();
  return success();
}

void ApplyMappingPass::runOnOperation() {
  if (failed(verifyPlain(getOperation())))
    return signalPassFailure();
  for (auto function : llvm::to_vector(getOperation().getOps<func::FuncOp>())) {
    if (function.isExternal())
      continue;
    if (failed(verifyThreads(function)) || failed(Prepacking::verify(function)))
      return signalPassFailure();
    SmallVector<linalg::LinalgOp> mapped;
    function.walk([&](linalg::LinalgOp op) {
      if (op->hasAttr("amos.mapping") && op->hasAttr("amos.schedule"))
        mapped.push_back(op);
    });
    Prepacking prepacking(function);
    for (linalg::LinalgOp op : mapped)
      if (failed(verifyEpilogue(op)) ||
          failed(Application(op, prepacking).run()))
        return signalPassFailure();
    prepacking.finish();
  }
}
