//===- CopyOp.cpp - Verification of what moves data -----------------------===//

#include "Amos/Verify.h"

using namespace mlir;
using namespace amos;

/// The side that is a tensor, null if none is.
static TensorAttr getTensor(CopyOp op) {
  auto tensor = dyn_cast<TensorAttr>(op.getFrom());
  return tensor ? tensor : dyn_cast<TensorAttr>(op.getTo());
}

/// Limits are about the tensor's dimensions and the symbols of its map.
static LogicalResult verifyLimits(CopyOp op) {
  std::optional<IntegerSet> limits = op.getLimits();
  if (!limits)
    return success();
  TensorAttr tensor = getTensor(op);
  if (!tensor)
    return op.emitOpError("expects no 'limits' without a '#amos.tensor'");
  AffineMap map = tensor.getMap();
  if (limits->getNumDims() != map.getNumResults() ||
      limits->getNumSymbols() != map.getNumSymbols())
    return op.emitOpError("expects 'limits' over ")
           << map.getNumResults() << " dimensions and " << map.getNumSymbols()
           << " symbols, got " << limits->getNumDims() << " and "
           << limits->getNumSymbols();
  return success();
}

static LogicalResult verifyBounds(CopyOp op) {
  bool hasTensor = isa<TensorAttr>(op.getFrom()) || isa<TensorAttr>(op.getTo());
  if (isa<TensorAttr>(op.getFrom()) && isa<TensorAttr>(op.getTo()))
    return op.emitOpError("expects at most one of 'from' and 'to' to be a "
                          "'#amos.tensor'");
  if (op.getDescriptorBytes().has_value() != hasTensor)
    return op.emitOpError(hasTensor
                              ? "expects a 'descriptor' for its '#amos.tensor'"
                              : "expects no 'descriptor' without a "
                                "'#amos.tensor'");
  if (failed(verifyLimits(op)))
    return failure();
  std::optional<StringRef> bounds = op.getBounds();
  if (!bounds)
    return success();
  if (!llvm::is_contained({"zero", "clip", "keep"}, *bounds))
    return op.emitOpError("expects 'bounds' to be \"zero\", \"clip\" or "
                          "\"keep\", got \"")
           << *bounds << "\"";
  if (!hasTensor && !op.getPartial())
    return op.emitOpError("expects 'partial' dimensions or a '#amos.tensor' "
                          "beside 'bounds'");
  return success();
}

LogicalResult CopyOp::verify() {
  int64_t size = 1;
  for (int64_t extent : getExtents()) {
    if (extent <= 0 || extent > mostPlaces / size)
      return emitOpError("expects 'extents' of 1 to ")
             << mostPlaces << " elements, got " << extent;
    size *= extent;
  }
  if (getElement() <= 0 || getElement() > 1024)
    return emitOpError("expects an 'element' of 1 to 1024 bytes, got ")
           << getElement();
  if (failed(verifyPowerOfTwo(*this, "align", getAlign())) ||
      failed(verifyPowerOfTwo(*this, "stride_align", getStrideAlign())) ||
      failed(verifyPositive(*this, "interval", getInterval())) ||
      failed(verifyPositive(*this, "descriptor", getDescriptorBytes())) ||
      failed(verifyTogether(*this, getIntervalAttr(), "interval", getUnitAttr(),
                            "unit")) ||
      failed(verifyDimensions(*this, "partial", getPartial(),
                              getExtents().size())))
    return failure();
  return verifyBounds(*this);
}

/// What ends the copy hands its lowering: a barrier its address.
static LogicalResult verifyCompletion(CopyOp op, SymbolTableCollection &symbols,
                                      SmallVectorImpl<Expected> &arguments) {
  if (!op.getCompletes())
    return success();
  Operation *found = symbols.lookupSymbolIn(op->getParentOp(),
                                            op.getCompletesAttr().getAttr());
  if (isa_and_nonnull<BarrierOp>(found)) {
    arguments.push_back({Expected::Address, "the address of the barrier"});
    return success();
  }
  return findPart<GroupOp>(op, op.getCompletesAttr(), symbols);
}

/// The parameters of the epilogue after the element it takes.
static LogicalResult verifyEpilogue(CopyOp op,
                                    SmallVectorImpl<Expected> &parameters) {
  if (op.getEpilogue().empty())
    return success();
  if (op.getEpilogue().getNumArguments() == 0)
    return op.emitOpError("expects 'epilogue' to take the element");
  SmallVector<Expected> arguments;
  for (BlockArgument argument : op.getEpilogue().getArguments())
    arguments.push_back(
        {Expected::Exactly, "a parameter of the epilogue", argument.getType()});
  parameters.append(arguments.begin() + 1, arguments.end());
  return verifyRegion(op, op.getEpilogue(), "epilogue", arguments,
                      Expected{Expected::Anything, "the element"});
}

/// A state that takes arguments takes free strides, then parameters.
static LogicalResult verifyState(CopyOp op, StateOp state, int64_t strides,
                                 ArrayRef<Expected> parameters) {
  Region &enter = state.getEnter();
  if (enter.getNumArguments() != strides + parameters.size())
    return op.emitOpError("expects '@")
           << state.getSymName() << "' to take " << strides << " strides and "
           << parameters.size() << " parameters of the epilogue, it takes "
           << enter.getNumArguments() << " arguments";
  for (auto [argument, parameter] :
       llvm::zip_equal(enter.getArguments().drop_front(strides), parameters))
    if (!parameter.accepts(argument.getType()))
      return op.emitOpError("expects '@")
             << state.getSymName() << "' to take " << parameter.describe()
             << ", it takes " << argument.getType();
  return success();
}

/// What a descriptor says may be asked for ahead.
static LogicalResult verifyPrefetch(CopyOp op) {
  if (op.getPrefetch().empty())
    return success();
  if (op.getDescriptor().empty())
    return op.emitOpError("expects no 'prefetch' without a 'descriptor'");
  return verifyRegion(op, op.getPrefetch(), "prefetch",
                      Expected{Expected::Address, "the descriptor's address"},
                      {});
}

/// The host builds a descriptor from the tensor and the frozen symbols.
static LogicalResult verifyDescriptor(CopyOp op) {
  if (op.getDescriptor().empty())
    return success();
  TensorAttr tensor = getTensor(op);
  if (!tensor)
    return op.emitOpError("expects no 'descriptor' without a '#amos.tensor'");
  SmallVector<Expected> arguments;
  for (StringRef what : {"out", "base", "sizes", "strides", "extents"})
    arguments.push_back({Expected::Address, "'" + what.str() + "'"});
  for (unsigned symbol = tensor.getCoordinates();
       symbol < tensor.getMap().getNumSymbols(); ++symbol)
    arguments.push_back(
        {Expected::Integer, "frozen symbol " + std::to_string(symbol)});
  return verifyRegion(op, op.getDescriptor(), "descriptor", arguments, {});
}

namespace {
/// What a copy's lowering takes and yields, gathered part by part.
struct CopySignature {
  SmallVector<Expected> arguments, results;
  int64_t strides = 0;
};
} // namespace

static PlacedOperand getSide(CopyOp op, ScopeOp issue, bool isSource) {
  return {isSource ? "'from'" : "'to'",
          isSource ? op.getFrom() : op.getTo(),
          op.getExtents(),
          int64_t(op.getElement()),
          Type(),
          issue};
}

/// A fragment that is written is what the lowering yields.
static LogicalResult verifySides(CopyOp op, ScopeOp issue,
                                 SymbolTableCollection &symbols, bool inState,
                                 CopySignature &signature) {
  SmallVector<Type> received(op.getLowering().getArgumentTypes());
  if (failed(verifyPlacement(op, getSide(op, issue, /*isSource=*/true), symbols,
                             received, inState, signature.arguments,
                             signature.strides)))
    return failure();
  bool yields = isa<FragmentAttr>(op.getTo());
  return verifyPlacement(op, getSide(op, issue, /*isSource=*/false), symbols,
                         yields ? ArrayRef<Type>() : received, inState,
                         yields ? signature.results : signature.arguments,
                         signature.strides);
}

/// What reaches several memories ends in a barrier, of which each has its own.
static LogicalResult verifyMulticast(CopyOp op,
                                     const CopySignature &signature) {
  if (op.getMulticast().empty())
    return success();
  auto machine = cast<AcceleratorOp>(op->getParentOp());
  auto barrier = op.getCompletes()
                     ? dyn_cast_or_null<BarrierOp>(SymbolTable::lookupSymbolIn(
                           machine, *op.getCompletes()))
                     : BarrierOp();
  if (!barrier || barrier.getArriveAt().empty())
    return op.emitOpError("expects a copy with 'multicast' to complete a "
                          "barrier with 'arrive_at'");
  SmallVector<Expected> arguments = signature.arguments;
  arguments.push_back({Expected::Integer, "the parts that receive it"});
  if (failed(verifyRegion(op, op.getMulticast(), "multicast", arguments, {})))
    return failure();
  Type receivers = op.getMulticast().getArguments().back().getType();
  for (auto cluster : machine.getOps<ClusterOp>())
    if (!receivers.isInteger() ||
        cluster.getAtOnce().size() > receivers.getIntOrFloatBitWidth())
      return op.emitOpError("expects 'multicast' to take a bit for each of ")
             << cluster.getAtOnce().size() << " parts of a cluster, got "
             << receivers;
  return success();
}

static LogicalResult verifyRegions(CopyOp op, ScopeOp issue,
                                   const CopySignature &signature) {
  if (failed(verifyRegion(op, op.getLowering(), "lowering", signature.arguments,
                          signature.results)) ||
      failed(verifyMulticast(op, signature)))
    return failure();
  if (signature.results.empty())
    return success();
  auto yield = cast<YieldOp>(op.getLowering().front().back());
  return verifyFragment(op, getSide(op, issue, /*isSource=*/false),
                        yield.getOperand(0).getType());
}

static LogicalResult verifyLowering(CopyOp op, ScopeOp issue, StateOp state,
                                    SymbolTableCollection &symbols) {
  bool inState = state && state.getEnter().getNumArguments() != 0;
  CopySignature signature;
  SmallVector<Expected> parameters;
  if (failed(verifySides(op, issue, symbols, inState, signature)) ||
      failed(verifyCompletion(op, symbols, signature.arguments)) ||
      failed(verifyEpilogue(op, parameters)))
    return failure();
  for (int64_t dim : op.getPartial().value_or(ArrayRef<int64_t>()))
    signature.arguments.push_back(
        {Expected::Integer, "the extent of dimension " + std::to_string(dim)});
  if (inState && failed(verifyState(op, state, signature.strides, parameters)))
    return failure();
  if (!inState)
    signature.arguments.append(parameters);
  return verifyRegions(op, issue, signature);
}

LogicalResult CopyOp::verifyUses(SymbolTableCollection &symbols) {
  FailureOr<ScopeOp> issue = findPart<ScopeOp>(*this, getIssueAttr(), symbols);
  if (failed(issue) ||
      failed(verifyUnit(*this, *issue, getUnitAttr(), symbols)) ||
      failed(verifyDescriptor(*this)) || failed(verifyPrefetch(*this)))
    return failure();
  FailureOr<StateOp> state = StateOp();
  if (getState())
    state = findPart<StateOp>(*this, getStateAttr(), symbols);
  if (failed(state))
    return failure();
  return verifyLowering(*this, *issue, *state, symbols);
}
