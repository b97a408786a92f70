//===- Arrangement.cpp - A mapping laid out, ready to be priced -----------===//

#include "Arrangement.h"
#include "Amos/HeldType.h"
#include "Price.h"
#include "amos/Mapping/PackedTiles.h"
#include "amos/Mapping/Reorder.h"
#include "amos/Mapping/StageCopy.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

static uint64_t findLoops(const Access &access, unsigned numOuter) {
  uint64_t loops = 0;
  for (unsigned o = 0; o < std::min(numOuter, 64u); ++o) {
    bool isUsed = access.index.isFunctionOfDim(o);
    for (AffineExpr guard : access.guards)
      isUsed |= guard.isFunctionOfDim(o);
    loops |= uint64_t(isUsed) << o;
  }
  return loops;
}

/// The fragment of operand `t`; row-major where the operand is in a memory.
static AffineMap getFragment(const IntrinsicModel &intrinsic, unsigned t) {
  if (AffineMap fragment = intrinsic.tiles[t].fragment)
    return fragment;
  const Access &operand = intrinsic.contraction.operands[t];
  return getRowMajorFragment(operand.index.getContext(), operand.shape);
}

static unsigned countDivisions(AffineExpr address, unsigned numOuter) {
  unsigned count = 0;
  address.walk([&](AffineExpr expr) {
    bool divides = expr.getKind() == AffineExprKind::FloorDiv ||
                   expr.getKind() == AffineExprKind::Mod;
    for (unsigned o = 0; divides && o < numOuter; ++o)
      if (expr.isFunctionOfDim(o)) {
        ++count;
        break;
      }
  });
  return count;
}

static SmallVector<int64_t> getStrides(AffineExpr address, unsigned numOuter,
                                       unsigned numDims, double elementBytes) {
  AffineMap map = AffineMap::get(numDims, 0, address);
  SmallVector<int64_t> point(numDims, 0), strides;
  int64_t origin = map.compose(point).front();
  for (unsigned o = 0; o < numOuter; ++o) {
    point[o] = 1;
    strides.push_back((map.compose(point).front() - origin) * elementBytes);
    point[o] = 0;
  }
  return strides;
}

/// Longer runs are as good as this.
constexpr int64_t longestRun = 32;

/// Whether `count` elements along dimension `dim` lie side by side, in the
/// first and in the last steps of the outer loops.
static bool isRun(AffineMap address, ArrayRef<int64_t> extents,
                  unsigned numOuter, unsigned dim, int64_t count) {
  for (bool isLast : {false, true}) {
    SmallVector<int64_t> point(extents.size(), 0);
    for (unsigned o = 0; o < numOuter; ++o)
      point[o] = isLast ? extents[o] - 1 : 0;
    int64_t first = address.compose(point).front();
    point[dim] = count - 1;
    if (address.compose(point).front() - first != count - 1)
      return false;
  }
  return true;
}

/// Elements of a tile side by side in memory, whichever coordinate moves.
static int64_t getLongestRun(AffineExpr address, const Arrangement &plan,
                             unsigned t) {
  const Contraction &intrinsic = plan.problem->intrinsic.contraction;
  AffineMap map = AffineMap::get(plan.extents.size(), 0, address);
  int64_t longest = 1;
  for (unsigned dim : getCoordinateDims(intrinsic, t, plan.getNumOuter()))
    for (int64_t count = 2;
         count <= std::min(plan.extents[dim], longestRun) &&
         isRun(map, plan.extents, plan.getNumOuter(), dim, count);
         count *= 2)
      longest = std::max(longest, count);
  return longest;
}

/// Fills in what follows from `stream.access` alone.
static void describeAccess(Stream &stream, const Arrangement &plan,
                           unsigned t) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  unsigned numOuter = plan.getNumOuter();
  stream.widths = llvm::map_to_vector(stream.access.index.getResults(),
                                      [](AffineExpr e) { return Width(e); });
  // Only registers care about the order of single elements.
  bool isInLanes = intrinsic.isSpread() && intrinsic.tiles[t].fragment;
  if (runsInRegisters(intrinsic) || isInLanes) {
    auto dims = getCoordinateDims(intrinsic.contraction, t, numOuter);
    int64_t elements = intrinsic.tiles[t].elements;
    stream.tile = plan.problem->tileMemory->classify(
        stream.access, getFragment(intrinsic, t),
        elements ? elements : stream.elements, dims, numOuter);
  }
  if (auto address = linearizeAccess(stream.access)) {
    stream.runBytes = stream.elementBytes * getLongestRun(*address, plan, t);
    stream.divisions = countDivisions(*address, numOuter);
    stream.strides = getStrides(*address, numOuter, plan.extents.size(),
                                stream.elementBytes);
  }
}

/// What registers hold of operand `t`.
static Type getHeldElement(const Arrangement &plan, unsigned t) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  return intrinsic.declaration ? getHeldType(intrinsic.declaration, t)
                               : plan.mapped.fragments[t].elementType;
}

/// Operand `t` of the intrinsic as `access` reads or writes it.
static Stream readDirectly(const Arrangement &plan, unsigned t, Access access) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  Stream stream;
  stream.access = std::move(access);
  stream.loops = findLoops(stream.access, plan.getNumOuter());
  stream.elements = 1;
  for (int64_t extent : intrinsic.contraction.operands[t].shape)
    stream.elements *= extent;
  stream.elementBytes = stream.access.elementType.getIntOrFloatBitWidth() / 8.0;
  stream.heldBytes =
      stream.elementBytes * getHeldElement(plan, t).getIntOrFloatBitWidth() /
      plan.mapped.fragments[t].elementType.getIntOrFloatBitWidth();
  double inRegisters =
      intrinsic.contraction.operands[t].elementType.getIntOrFloatBitWidth() /
      8.0;
  stream.tileBytes =
      intrinsic.tileBytes[t]
          ? intrinsic.tileBytes[t] * stream.elementBytes / inRegisters
          : stream.elements * stream.elementBytes;
  findGuards(stream, plan);
  describeAccess(stream, plan, t);
  // Only a whole word is one broadcast.
  if (stream.tile.form == TileForm::Splat && stream.tile.run > 1 &&
      isPartial(stream.access, plan.getNumOuter()))
    stream.tile.form = TileForm::Segments;
  return stream;
}

/// How one tile of operand `t` is read from a packed buffer.
static TileAccess classifyPacked(const Stream &direct, const Arrangement &plan,
                                 unsigned t) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  ArrayRef<int64_t> shape = intrinsic.contraction.operands[t].shape;
  AffineMap fragment = getFragment(intrinsic, t);
  auto dims = getCoordinateDims(intrinsic.contraction, t, plan.getNumOuter());
  MLIRContext *context = fragment.getContext();
  AffineExpr position = getPackedPosition(
      fragment.getNumDims() == 1 ? fragment : AffineMap(), shape, context);
  Access packed = direct.access;
  packed.index = AffineMap::get(
      plan.extents.size(), 0,
      position.replaceSymbols(llvm::map_to_vector(
          dims, [&](unsigned dim) { return getAffineDimExpr(dim, context); })));
  packed.shape = {direct.elements};
  packed.strides.clear();
  int64_t elements = intrinsic.tiles[t].elements;
  return classifyTile(packed, fragment, elements ? elements : direct.elements,
                      dims, plan.getNumOuter());
}

/// `direct` after all its tiles were written side by side in fragment order.
static Stream pack(const Stream &direct, const Arrangement &plan, unsigned t) {
  Stream stream = direct;
  stream.staging = Staging::Pack;
  if (runsInRegisters(plan.problem->intrinsic))
    stream.tile = classifyPacked(direct, plan, t);
  stream.guards.clear();
  stream.divisions = 0;
  stream.strides.clear();
  double tiles = 1;
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (stream.dependsOn(o))
      tiles *= plan.getExtent(o);
  stream.stagedBytes = tiles * stream.getPackedTileBytes();
  return stream;
}

/// What is left of a row beyond whole accesses is moved in no more than that.
constexpr double mostRest = 8;

/// Accesses to move `size` elements: as long as the rows that lie side by side
/// in the tensor and in the copy.
static double countAccesses(const CopiedHull &hull, const Access &tensor,
                            double size, double elementBytes,
                            const Arrangement &plan) {
  double row = 1;
  for (unsigned d : llvm::reverse(llvm::seq<unsigned>(hull.order.size()))) {
    if (hull.order[d] != d || ShapedType::isDynamic(hull.access.shape[d]))
      break;
    row *= hull.access.shape[d];
    if (hull.access.shape[d] != tensor.shape[d])
      break;
  }
  double perAccess = std::max(plan.access / elementBytes, 1.0);
  double whole = std::floor(row / perAccess);
  return size / row * (whole + std::min(row - whole * perAccess, mostRest));
}

/// `direct` read from a buffer that holds the hull of it.
static std::optional<Stream> copy(const Stream &direct, const Arrangement &plan,
                                  unsigned t) {
  std::optional<CopiedHull> hull =
      copyHull(direct.access, plan.extents, plan.getNumOuter());
  if (!hull)
    return std::nullopt;
  Stream stream = direct;
  stream.staging = Staging::Copy;
  stream.access = hull->access;
  stream.access.elementType = getHeldElement(plan, t);
  stream.elementBytes = stream.heldBytes;
  stream.guards.clear();
  describeAccess(stream, plan, t);
  double size = 1;
  for (int64_t extent : stream.access.shape)
    size *= extent;
  stream.stagedBytes = size * stream.elementBytes;
  bool keepsRows =
      hull->order.empty() || hull->order.back() + 1 == hull->order.size();
  if (keepsRows)
    stream.movedVectors =
        countAccesses(*hull, direct.access, size, stream.elementBytes, plan);
  else
    stream.movedElements = size;
  // What is widened goes element by element.
  if (keepsRows || direct.heldBytes != direct.elementBytes)
    return stream;
  stream.movedRows = hull->access.shape.empty() ? 1 : hull->access.shape.back();
  stream.movedColumns =
      direct.access.shape.empty() ? 1 : direct.access.shape.back();
  return stream;
}

//===----------------------------------------------------------------------===//
// All of them
//===----------------------------------------------------------------------===//

/// A source whose registers repeat elements is read by splats, which need no
/// register of their own for long; else the first one.
static unsigned findStreamed(const Arrangement &plan) {
  for (auto [t, options] : llvm::enumerate(plan.sources)) {
    const Stream &direct = *options[0];
    if (direct.tileBytes > direct.elements * direct.heldBytes)
      return t;
  }
  return 0;
}

static void setExtents(Arrangement &plan) {
  for (const OuterLoop &loop : plan.mapped.outer)
    plan.extents.push_back(loop.extent);
  for (const Iteration &lane : plan.problem->intrinsic.contraction.iterations)
    plan.extents.push_back(lane.extent);
}

SmallVector<unsigned> amos::findLaneOrder(const IntrinsicModel &intrinsic,
                                          const MappedAccesses &mapped,
                                          unsigned source) {
  const Access &operand = intrinsic.contraction.operands[source];
  SmallVector<unsigned> lanes;
  for (unsigned n = 0; n < operand.index.getNumResults(); ++n)
    lanes.push_back(operand.index.getDimPosition(n));
  return orderLanes(mapped.fragments[source], mapped.outer.size(), lanes);
}

static bool isReordered(const Schedule &schedule, unsigned t) {
  return t < schedule.staging.size() && schedule.staging[t] == Staging::Reorder;
}

/// What the mapping reads, of tensors as the schedule has them reordered. What
/// cannot be stays as it is: whoever plans its copies says so.
static MappedAccesses mapStaged(const MappedProblem &problem,
                                const Schedule &schedule) {
  const IntrinsicModel &intrinsic = problem.intrinsic;
  MappedAccesses mapped = mapAccesses(problem.op, intrinsic.contraction,
                                      problem.matching, schedule);
  if (!intrinsic.declaration)
    return mapped;
  auto reordered = reorderSources(intrinsic.declaration, mapped, schedule);
  auto *accesses = std::get_if<MappedAccesses>(&reordered);
  return accesses ? *accesses : mapped;
}

Arrangement amos::arrange(const MappedProblem &problem,
                          const Schedule &schedule) {
  const IntrinsicModel &intrinsic = problem.intrinsic;
  Arrangement plan;
  plan.problem = &problem;
  plan.mapped = mapStaged(problem, schedule);
  if (!intrinsic.isSpread())
    dropStoredGuards(plan.mapped);
  setExtents(plan);
  for (const Level &level : intrinsic.memories)
    plan.access = std::max(plan.access, level.access);
  unsigned destination = problem.op.getDestination();
  for (unsigned t = 0; t < destination; ++t) {
    Stream direct = readDirectly(plan, t, plan.mapped.fragments[t]);
    std::optional<Stream> none;
    if (!intrinsic.isSpread())
      plan.sources.push_back(
          {direct, copy(direct, plan, t), pack(direct, plan, t), none, none});
    else if (isReordered(schedule, t))
      plan.sources.push_back({direct, none, none, none, direct});
    else
      plan.sources.push_back({direct, none, none, direct, none});
  }
  const Access &sums = plan.mapped.fragments[destination];
  plan.destination = readDirectly(plan, destination, sums);
  plan.stored = plan.destination;
  if (const std::optional<Finish> &finish = problem.finish) {
    auto read = [&](Access access) {
      access.index = access.index.compose(sums.index);
      access.guards = sums.guards;
      return readDirectly(plan, destination, std::move(access));
    };
    plan.stored = read(finish->result);
    for (const Access &source : finish->sources)
      plan.finishing.push_back(read(source));
  }
  if (intrinsic.isSpread()) {
    for (unsigned t = 0; t < destination; ++t)
      plan.laneOrders.push_back(findLaneOrder(intrinsic, plan.mapped, t));
    auto getStore = [&](const Stream &stored) {
      return Arrangement::Store{countAccesses(plan, stored),
                                areStoredInBoxes(plan, stored)};
    };
    plan.store = getStore(plan.stored);
    for (const Stream &source : plan.finishing)
      plan.store.accesses += countAccesses(plan, source);
    plan.partialStore = getStore(plan.destination);
  }
  if (intrinsic.isSpread())
    for (unsigned t = 0; t < destination; ++t)
      for (std::optional<Stream> &stream : plan.sources[t])
        if (stream)
          stream->gatherWidth = getGatherWidth(plan, t, stream->access);
  plan.streamed = findStreamed(plan);
  return plan;
}
