//===- AcceleratorOps.cpp - Machines, scopes, levels and layouts ----------===//

#include "Amos/Placement.h"
#include "Amos/Verify.h"
#include "mlir/Dialect/LLVMIR/LLVMTypes.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseSet.h"
#include <map>

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Accelerator
//===----------------------------------------------------------------------===//

bool AcceleratorOp::isPlain() {
  return !getBase() && getOps<FamilyOp>().empty();
}

bool amos::isComplete(Operation *part) {
  auto machine = dyn_cast_or_null<AcceleratorOp>(part->getParentOp());
  return machine && !machine.getBase();
}

LogicalResult amos::verifyPlain(Operation *module) {
  for (auto machine : module->getRegion(0).getOps<AcceleratorOp>())
    if (!machine.isPlain())
      return machine.emitOpError(
          "expects to stand for itself; 'amosc' puts in what it is made from "
          "when it reads it");
  return success();
}

LogicalResult AcceleratorOp::verify() {
  if (getTarget() &&
      isa<BuiltinDialect, AmosDialect>(getTarget()->getDialect()))
    return emitOpError("expects the attribute of a target, such as "
                       "'#llvm.target_features<[\"+avx2\"]>', got '")
           << *getTarget() << "'";
  return verifyPositive(*this, "clock", getClock());
}

/// Every scope is a part of at most one other, and one is part of none.
static LogicalResult verifyScopes(AcceleratorOp accelerator) {
  llvm::DenseMap<StringRef, ScopeOp> wholes;
  for (auto scope : accelerator.getOps<ScopeOp>())
    if (std::optional<StringRef> part = scope.getPart())
      if (auto [it, isNew] = wholes.try_emplace(*part, scope); !isNew)
        return scope.emitOpError("expects '@")
               << *part << "' to be part of one scope, it is part of '@"
               << it->second.getSymName() << "' too";
  ScopeOp root;
  for (auto scope : accelerator.getOps<ScopeOp>()) {
    if (wholes.contains(scope.getSymName()))
      continue;
    if (root)
      return scope.emitOpError("expects one outermost scope, '@")
             << root.getSymName() << "' is part of none either";
    root = scope;
  }
  if (!root)
    return accelerator.emitOpError(
        "expects one outermost scope, every scope is part of another");
  return success();
}

LogicalResult AcceleratorOp::verifyRegions() {
  for (Operation &part : *getBody()) {
    if (isa<AcceleratorOp>(part) ||
        !isa<SymbolOpInterface, FenceOp, FamilyOp, ChangeOp, RemoveOp>(part))
      return part.emitOpError("expects to stand in a function, not in the "
                              "description of a machine");
    if (isa<ChangeOp, RemoveOp>(part) && !getBase())
      return part.emitOpError("expects a machine that 'extends' another");
  }
  if (getBase())
    return success();
  if (getOps<ScopeOp>().empty())
    return emitOpError("expects a scope, such as 'scope @thread'");
  return verifyScopes(*this);
}

//===----------------------------------------------------------------------===//
// Scope
//===----------------------------------------------------------------------===//

/// The scope this one is made of.
static ScopeOp findPartOf(ScopeOp scope) {
  if (!scope.getPart())
    return {};
  return dyn_cast_or_null<ScopeOp>(
      SymbolTable::lookupSymbolIn(scope->getParentOp(), scope.getPartAttr()));
}

int64_t ScopeOp::getLanes() {
  int64_t lanes = 1;
  llvm::DenseSet<Operation *> seen;
  for (ScopeOp scope = *this; scope && seen.insert(scope).second;
       scope = findPartOf(scope))
    lanes = llvm::SaturatingMultiply<uint64_t>(
        lanes, std::max<int64_t>(scope.getCount().value_or(1), 1));
  return std::min<uint64_t>(lanes, mostPlaces + 1);
}

bool ScopeOp::contains(ScopeOp other) {
  llvm::DenseSet<Operation *> seen;
  for (ScopeOp scope = *this; scope && seen.insert(scope).second;
       scope = findPartOf(scope))
    if (scope == other)
      return true;
  return false;
}

LogicalResult ScopeOp::verifyUses(SymbolTableCollection &symbols) {
  if (failed(verifyPositive(*this, "count", getCount())) ||
      failed(verifyTogether(*this, getCountAttr(), "count", getPartAttr(),
                            "part")))
    return failure();
  if (getPart() && failed(findPart<ScopeOp>(*this, getPartAttr(), symbols)))
    return failure();
  OpBuilder builder(getContext());
  Expected number{Expected::Exactly, "the number of the part",
                  builder.getI32Type()};
  Expected elected{Expected::Exactly, "whether the lane is elected",
                   builder.getI1Type()};
  if (!getIndex().empty() &&
      failed(verifyRegion(*this, getIndex(), "index", {}, number)))
    return failure();
  if (!getElect().empty() &&
      failed(verifyRegion(*this, getElect(), "elect", {}, elected)))
    return failure();
  if (getSync().empty())
    return success();
  return verifyRegion(*this, getSync(), "sync",
                      Expected{Expected::Integer, "the slot"}, {});
}

//===----------------------------------------------------------------------===//
// Level
//===----------------------------------------------------------------------===//

LogicalResult LevelOp::verify() {
  if (failed(verifyPositive(*this, "granule", getGranule())) ||
      failed(verifyPositive(*this, "capacity", getCapacity())) ||
      failed(verifyPositive(*this, "pool", getPool())) ||
      failed(verifyPositive(*this, "bandwidth", getBandwidth())) ||
      failed(verifyPositive(*this, "latency", getLatency())) ||
      failed(verifyPositive(*this, "ports", getPorts())) ||
      failed(verifyPowerOfTwo(*this, "access", getAccess())) ||
      failed(verifyTogether(*this, getPoolAttr(), "pool", getPoolScopeAttr(),
                            "pool_scope")))
    return failure();
  if (std::optional<ArrayRef<int64_t>> banks = getBanks()) {
    if (banks->size() != 2)
      return emitOpError("expects 'banks' to be [number, bytes], got ")
             << banks->size() << " numbers";
    if (failed(verifyPowerOfTwo(*this, "banks", (*banks)[0])) ||
        failed(verifyPowerOfTwo(*this, "banks", (*banks)[1])))
      return failure();
  }
  std::optional<Type> address = getAddress();
  if (address && !Expected{Expected::Address, ""}.accepts(*address))
    return emitOpError("expects 'address' to be a pointer, a memref or an "
                       "integer, got ")
           << *address;
  if (getBase() && !(address && address->isIntOrIndex()))
    return emitOpError("expects an integer 'address' beside 'base'");
  return success();
}

LogicalResult LevelOp::verifyUses(SymbolTableCollection &symbols) {
  if (failed(findPart<ScopeOp>(*this, getScopeAttr(), symbols)))
    return failure();
  if (!getPoolScope())
    return success();
  return findPart<ScopeOp>(*this, getPoolScopeAttr(), symbols);
}

//===----------------------------------------------------------------------===//
// Layout
//===----------------------------------------------------------------------===//

std::optional<unsigned> LayoutOp::getByteDimension() {
  SmallVector<int64_t> origin(getMap().getNumDims(), 0);
  auto base = evaluate(getMap(), origin);
  for (unsigned dim = 0; dim < getMap().getNumDims(); ++dim) {
    SmallVector<int64_t> next = origin;
    next[dim] = 1;
    auto moved = evaluate(getMap(), next);
    if (base && moved && (*moved)[0] - (*base)[0] == 1)
      return dim;
  }
  return std::nullopt;
}

bool LayoutOp::isFree(unsigned dimension) {
  return getStrides() && llvm::is_contained(*getStrides(), dimension);
}

/// Calls `visit` with every point of a box until it returns false.
static bool forEachPoint(ArrayRef<int64_t> extents,
                         llvm::function_ref<bool(ArrayRef<int64_t>)> visit) {
  SmallVector<int64_t> point(extents.size(), 0);
  while (visit(point)) {
    int64_t dim = extents.size() - 1;
    for (; dim >= 0 && ++point[dim] == extents[dim]; --dim)
      point[dim] = 0;
    if (dim < 0)
      return true;
  }
  return false;
}

/// No two bytes of an atom share an offset.
static LogicalResult verifyAtom(LayoutOp op) {
  std::map<int64_t, SmallVector<int64_t>> takenBy;
  SmallVector<int64_t> first, second;
  auto isNewOffset = [&](ArrayRef<int64_t> point) {
    auto offset = evaluate(op.getMap(), point);
    if (!offset)
      return false;
    auto [it, isNew] = takenBy.try_emplace(offset->front(), point);
    if (!isNew) {
      first = it->second;
      second.assign(point.begin(), point.end());
    }
    return isNew;
  };
  Builder builder(op.getContext());
  auto key = builder.getArrayAttr(
      {op.getMapAttr(), builder.getDenseI64ArrayAttr(op.getAtom())});
  auto isInjective = [&] { return forEachPoint(op.getAtom(), isNewOffset); };
  if (KnownFacts::holds(key, isInjective))
    return success();
  if (second.empty())
    return op.emitOpError("expects a map without division by zero");
  InFlightDiagnostic report =
      op.emitOpError("expects a map that is one-to-one on the atom, (");
  llvm::interleaveComma(first, report);
  report << ") and (";
  llvm::interleaveComma(second, report);
  return report << ") lie at the same offset";
}

static LogicalResult verifySwizzle(LayoutOp op) {
  std::optional<ArrayRef<int64_t>> swizzle = op.getSwizzle();
  if (!swizzle)
    return success();
  if (swizzle->size() != 3)
    return op.emitOpError("expects 'swizzle' to be [bits, from, to], got ")
           << swizzle->size() << " numbers";
  auto [bits, from, to] =
      std::tuple((*swizzle)[0], (*swizzle)[1], (*swizzle)[2]);
  if (bits <= 0 || from < 0 || to < 0 || bits > 32 || from > 63 || to > 63)
    return op.emitOpError("expects 'swizzle' to name bits of an address");
  if (from < to + bits && to < from + bits)
    return op.emitOpError("expects the bit ranges of 'swizzle' to be "
                          "disjoint, [")
           << from << ", " << from + bits << ") meets [" << to << ", "
           << to + bits << ")";
  return success();
}

LogicalResult LayoutOp::verify() {
  AffineMap map = getMap();
  if (map.getNumSymbols() != 0 || map.getNumResults() != 1)
    return emitOpError("expects a map from dimensions to one offset, got '")
           << getMapAttr() << "'";
  if (map.getNumDims() != getAtom().size())
    return emitOpError("expects an 'atom' of ")
           << map.getNumDims() << " extents, got " << getAtom().size();
  int64_t size = 1;
  for (int64_t extent : getAtom()) {
    if (extent <= 0 || extent > mostPlaces || size > mostPlaces / extent)
      return emitOpError("expects an 'atom' of 1 to ")
             << mostPlaces << " bytes, got an extent of " << extent;
    size *= extent;
  }
  if (failed(
          verifyDimensions(*this, "strides", getStrides(), map.getNumDims())) ||
      failed(verifyPowerOfTwo(*this, "align", getAlign())) ||
      failed(verifyPositive(*this, "linear", getLinear())) ||
      failed(verifySwizzle(*this)))
    return failure();
  if (getLinear() && getHandle().empty())
    return emitOpError("expects a 'handle' beside 'linear'");
  return verifyAtom(*this);
}

LogicalResult LayoutOp::verifyUses(SymbolTableCollection &symbols) {
  FailureOr<LevelOp> level = findPart<LevelOp>(*this, getLevelAttr(), symbols);
  if (failed(level))
    return failure();
  if (!level->getAddress())
    return emitOpError("expects a level with an 'address', '")
           << getLevelAttr() << "' has none";
  if (getHandle().empty())
    return success();
  SmallVector<Expected> arguments{{Expected::Address, "the base address"}};
  for (int64_t dim : getStrides().value_or(ArrayRef<int64_t>()))
    arguments.push_back(
        {Expected::Integer, "the stride of dimension " + std::to_string(dim)});
  return verifyRegion(*this, getHandle(), "handle", arguments,
                      Expected{Expected::Anything, "the operand's value"});
}
