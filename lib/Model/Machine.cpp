//===- Machine.cpp - A description as numbers -----------------------------===//

#include "amos/Model/Machine.h"
#include "Amos/HeldType.h"
#include "mlir/Dialect/LLVMIR/LLVMTypes.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Scopes
//===----------------------------------------------------------------------===//

static ScopeOp findScope(AcceleratorOp machine, StringRef name) {
  return dyn_cast_or_null<ScopeOp>(SymbolTable::lookupSymbolIn(machine, name));
}

/// Parts of `scope` that code can use at the same time.
static int64_t countUsableParts(AcceleratorOp machine, ScopeOp scope) {
  ScopeOp part = findScope(machine, *scope.getPart());
  bool isUsable = !machine.getTarget() || (part && !part.getIndex().empty());
  return isUsable ? scope.getCount().value_or(1) : 1;
}

/// Instances of scope `inner` in one instance of scope `outer`; 1 where `inner`
/// is not inside. `all` counts parts that code cannot tell apart as well.
static int64_t countInstances(AcceleratorOp machine, StringRef outer,
                              StringRef inner, bool all = false) {
  int64_t count = 1;
  llvm::SmallPtrSet<Operation *, 8> visited;
  while (outer != inner) {
    ScopeOp scope = findScope(machine, outer);
    if (!scope || !scope.getPart() || !visited.insert(scope).second)
      return inner.empty() ? count : 1;
    count *=
        all ? scope.getCount().value_or(1) : countUsableParts(machine, scope);
    outer = *scope.getPart();
  }
  return count;
}

/// The scope that is part of no other.
static StringRef getRootScope(AcceleratorOp machine) {
  llvm::SmallPtrSet<Operation *, 8> parts;
  for (auto scope : machine.getOps<ScopeOp>())
    if (scope.getPart())
      parts.insert(findScope(machine, *scope.getPart()));
  for (auto scope : machine.getOps<ScopeOp>())
    if (!parts.contains(scope))
      return scope.getSymName();
  return "";
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

/// Bits a value of `type` takes in registers, 0 when its type does not say.
static int64_t getRegisterBits(Type type) {
  if (type.isIntOrFloat())
    return type.getIntOrFloatBitWidth();
  if (auto vector = dyn_cast<VectorType>(type))
    return vector.isScalable() ? 0
                               : vector.getNumElements() *
                                     getRegisterBits(vector.getElementType());
  int64_t bits = 0;
  if (auto record = dyn_cast<LLVM::LLVMStructType>(type))
    for (Type member : record.getBody())
      bits += getRegisterBits(member);
  return bits;
}

static int64_t getTileElements(const Access &operand) {
  int64_t count = 1;
  for (int64_t extent : operand.shape)
    count *= extent;
  return count;
}

/// Bits of operand `t` in one lane: what the lowering receives, else what the
/// tile itself needs.
static int64_t getLaneBits(IntrinsicOp intrinsic, const Access &operand,
                           unsigned t, int64_t lanes) {
  Region &lowering = intrinsic.getLowering();
  int64_t bits = 0;
  if (!lowering.empty() && t < lowering.getNumArguments())
    bits = getRegisterBits(lowering.getArgument(t).getType());
  int64_t elementBits = operand.elementType.getIntOrFloatBitWidth();
  return bits ? bits
              : llvm::divideCeil(getTileElements(operand) * elementBits, lanes);
}

/// The level that a placement in memory names.
static StringRef getLevelName(AcceleratorOp machine, Attribute placement) {
  if (auto rows = dyn_cast_or_null<RowsAttr>(placement))
    return rows.getLevel().getValue();
  auto memory = dyn_cast_or_null<MemoryAttr>(placement);
  auto layout = memory ? dyn_cast_or_null<LayoutOp>(SymbolTable::lookupSymbolIn(
                             machine, memory.getLayout().getAttr()))
                       : LayoutOp();
  return layout ? layout.getLevel() : StringRef();
}

/// The iteration whose steps lie side by side in the layout of a placement.
static unsigned getAlongLane(AcceleratorOp machine, MemoryAttr place,
                             const Access &operand) {
  auto layout = dyn_cast_or_null<LayoutOp>(
      SymbolTable::lookupSymbolIn(machine, place.getLayout().getAttr()));
  std::optional<unsigned> along =
      layout ? layout.getByteDimension() : std::optional<unsigned>();
  return along ? operand.index.getDimPosition(place.getDims()[*along]) : 0;
}

/// The boxes in which copies bring elements of so many bytes to `level`.
static void readBoxes(AcceleratorOp machine, int64_t bytes,
                      RegisterTile &tile) {
  for (auto copy : machine.getOps<CopyOp>()) {
    bool isBox = isa<TensorAttr>(copy.getFrom()) &&
                 copy.getExtents().size() == 2 &&
                 copy.getElement() == uint64_t(bytes) &&
                 getLevelName(machine, copy.getTo()) == tile.level;
    if (!isBox)
      continue;
    tile.boxRows = copy.getExtents()[0];
    tile.boxColumns = copy.getExtents()[1];
    tile.reachesCluster = !copy.getMulticast().empty();
    return;
  }
}

static void readTiles(IntrinsicOp intrinsic, IntrinsicModel &model) {
  auto machine = intrinsic->getParentOfType<AcceleratorOp>();
  int64_t lanes = countInstances(machine, intrinsic.getIssue(), "", true);
  ArrayAttr placements = intrinsic.getPlacementsAttr();
  for (auto [t, operand] : llvm::enumerate(model.contraction.operands)) {
    Attribute place =
        placements && t < placements.size() ? placements[t] : Attribute();
    auto placement = dyn_cast_or_null<FragmentAttr>(place);
    RegisterTile &tile = model.tiles.emplace_back();
    tile.level = getLevelName(machine, place);
    // Nothing is said where emulation is all there is; then tiles of a unit
    // lie in its nearest level.
    bool isInMemory = placements && !placement;
    int64_t bits = getLaneBits(intrinsic, operand, t, lanes);
    model.tileBytes.push_back(isInMemory ? 0
                                         : llvm::divideCeil(bits * lanes, 8));
    if (!placement) {
      if (auto memory = dyn_cast_if_present<MemoryAttr>(place)) {
        readBoxes(machine, operand.elementType.getIntOrFloatBitWidth() / 8,
                  tile);
        tile.alongLane = getAlongLane(machine, memory, operand);
      }
      continue;
    }
    tile.fragment = placement.getMap();
    tile.lanes = tile.fragment.getNumDims() == 2 ? lanes : 1;
    tile.elements = bits / getHeldType(intrinsic, t).getIntOrFloatBitWidth();
  }
}

//===----------------------------------------------------------------------===//
// Levels
//===----------------------------------------------------------------------===//

/// `level` as one unit of the issue scope sees it.
static Level readLevel(LevelOp level, StringRef issue) {
  auto machine = level->getParentOfType<AcceleratorOp>();
  // A level below the issue scope is as many instances, all of them the unit's.
  int64_t instances = countInstances(machine, issue, level.getScope(), true);
  Level result;
  result.name = level.getSymName();
  result.capacity = level.getCapacity().value_or(0) * instances;
  if (auto bandwidth = level.getBandwidth())
    result.bandwidth = bandwidth->convertToDouble() * instances;
  result.latency = level.getLatency().value_or(0);
  result.granule = level.getGranule().value_or(1) * instances;
  result.access = level.getAccess().value_or(1) * instances;
  result.issuers = countInstances(machine, level.getScope(), issue);
  result.pool = level.getPool().value_or(0);
  result.ports = level.getPorts().value_or(0);
  result.hasBanks = level.getBanks().has_value();
  result.isCache = level.getCache();
  result.isAddressed = level.getAddress().has_value();
  return result;
}

/// Whether a register file's allocation unit suits tiles of `bytes` bytes
/// better than that of `other`.
static bool suitsBetter(const Level &level, const Level &other, int64_t bytes) {
  bool fits = level.granule <= bytes, otherFits = other.granule <= bytes;
  return fits != otherFits ? fits : level.granule > other.granule;
}

/// Splits the levels into the register file and the memories behind it.
static void readLevels(IntrinsicOp intrinsic, IntrinsicModel &model) {
  auto machine = intrinsic->getParentOfType<AcceleratorOp>();
  int64_t tileBytes = model.tileBytes.back();
  for (auto op : machine.getOps<LevelOp>()) {
    Level level = readLevel(op, intrinsic.getIssue());
    // Values of registers are SSA values, so their level has no address; where
    // no code is emitted that holds for any level of the unit's own.
    bool isFile = !level.isCache && !level.isAddressed && level.issuers == 1 &&
                  level.capacity > 0;
    if (!isFile) {
      model.memories.push_back(level);
    } else if (model.registers.name.empty() ||
               suitsBetter(level, model.registers, tileBytes)) {
      model.registers = level;
    }
  }
  auto getDistance = [](const Level &level) {
    uint64_t size = level.capacity ? level.capacity : UINT64_MAX;
    return std::tuple(level.issuers, size, StringRef(level.name));
  };
  llvm::sort(model.memories, [&](const Level &a, const Level &b) {
    return getDistance(a) < getDistance(b);
  });
}

//===----------------------------------------------------------------------===//
// Spreading
//===----------------------------------------------------------------------===//

static const Level *findStage(const IntrinsicModel &model) {
  for (const Level &level : model.memories)
    if (!level.isCache && level.isAddressed && level.capacity > 0 &&
        &level != &model.memories.back())
      return &level;
  return nullptr;
}

/// Whether `group` and every part of it down to `unit` have an `index`.
static bool tellsApart(AcceleratorOp machine, ScopeOp group, ScopeOp unit) {
  llvm::SmallPtrSet<Operation *, 8> visited;
  for (ScopeOp scope = group; scope && visited.insert(scope).second;
       scope = findScope(machine, *scope.getPart())) {
    if (scope.getIndex().empty())
      return false;
    if (scope == unit)
      return true;
    if (!scope.getPart())
      return false;
  }
  return false;
}

/// Code is spread where it can tell parts apart, brings sources from a memory
/// that it addresses, and holds them in registers or there, the accumulator in
/// registers.
static void readSpread(IntrinsicOp intrinsic, IntrinsicModel &model) {
  auto machine = intrinsic->getParentOfType<AcceleratorOp>();
  const Level *stage = findStage(model);
  if (!machine.getTarget() || !stage)
    return;
  auto isHeld = [](const RegisterTile &tile) {
    return tile.fragment && tile.lanes > 1;
  };
  auto isReached = [&](const RegisterTile &tile) {
    return isHeld(tile) || tile.level == stage->name;
  };
  if (!isHeld(model.tiles.back()) || !llvm::all_of(model.tiles, isReached))
    return;
  auto level = cast<LevelOp>(SymbolTable::lookupSymbolIn(machine, stage->name));
  ScopeOp group = findScope(machine, level.getScope());
  ScopeOp unit = findScope(machine, intrinsic.getIssue());
  if (!group || !unit || !tellsApart(machine, group, unit))
    return;
  model.groupScope = group.getSymName();
  model.unitScope = unit.getSymName();
  model.roleRegisters = RoleRegisters(machine, model.tiles.back().lanes);
  for (auto cluster : machine.getOps<ClusterOp>()) {
    if (cluster.getScope() != model.groupScope ||
        cluster.getLevel() != stage->name)
      continue;
    model.together = llvm::to_vector(cluster.getAtOnce());
    if (auto bandwidth = cluster.getBandwidth())
      model.reachBandwidth = bandwidth->convertToDouble();
  }
}

bool IntrinsicModel::readsBoxes() const {
  return llvm::any_of(ArrayRef(tiles).drop_back(),
                      [](const RegisterTile &t) { return t.boxColumns > 0; });
}

const Level &IntrinsicModel::getStage() const { return *findStage(*this); }

//===----------------------------------------------------------------------===//
// The model
//===----------------------------------------------------------------------===//

static void readRates(IntrinsicOp intrinsic, IntrinsicModel &model) {
  auto machine = intrinsic->getParentOfType<AcceleratorOp>();
  StringRef issue = intrinsic.getIssue();
  StringRef unit = intrinsic.getUnit().value_or(issue);
  model.latency = intrinsic.getLatency().value_or(1);
  model.interval = intrinsic.getInterval()
                       ? intrinsic.getInterval()->convertToDouble()
                       : double(model.latency);
  model.units = countInstances(machine, getRootScope(machine), unit);
  model.issuersPerUnit = countInstances(machine, unit, issue);
  model.parts = intrinsic.getParts().value_or(1);
  if (auto clock = machine.getClock())
    model.clock = clock->convertToDouble();
}

IntrinsicModel amos::readModel(IntrinsicOp intrinsic) {
  IntrinsicModel model;
  model.declaration = intrinsic;
  model.name = intrinsic.getSymName();
  model.kind = intrinsic.getClass_();
  model.contraction = readIntrinsic(intrinsic);
  readRates(intrinsic, model);
  readTiles(intrinsic, model);
  readLevels(intrinsic, model);
  readSpread(intrinsic, model);
  return model;
}
