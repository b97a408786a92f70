//===- LaunchNests.cpp - Spread nests become launches of kernels ----------===//
//
// A loop over the groups of a machine and the loop over their units inside of
// it are one launch: blocks are groups, threads the lanes of the units. Buffers
// of a group become parts of its shared memory.
//
//===----------------------------------------------------------------------===//

#include "SpreadLoops.h"
#include "amos/Transforms/InlineRegion.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

namespace amos {
#define GEN_PASS_DEF_LAUNCHNESTS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

/// Every buffer of shared memory starts at a multiple of this many bytes.
static constexpr int64_t sharedAlignment = 128;

namespace {
/// One nest on its way to a kernel.
class Launch {
public:
  explicit Launch(const SpreadLoops &loops)
      : loops(loops), builder(loops.groups) {}
  void emit();

private:
  void inlineParts(scf::ParallelOp parts, Value part);
  int64_t placeBuffers();
  void moveToShared(Value buffer, Value shared);

  SpreadLoops loops;
  OpBuilder builder;
  SmallVector<std::pair<memref::AllocOp, int64_t>> buffers; ///< and offsets
};

struct LaunchNestsPass : amos::impl::LaunchNestsBase<LaunchNestsPass> {
  void runOnOperation() override;
};
} // namespace

/// Puts the body of `parts` where the builder stands, for the part numbered
/// `part`.
void Launch::inlineParts(scf::ParallelOp parts, Value part) {
  SmallVector<Value> indices =
      splitPart(builder, parts.getLoc(), part, *getTrips(parts));
  for (auto [iv, index] : llvm::zip_equal(parts.getInductionVars(), indices))
    iv.replaceAllUsesWith(index);
  Block *body = parts.getBody();
  body->getTerminator()->erase();
  builder.getInsertionBlock()->getOperations().splice(
      builder.getInsertionPoint(), body->getOperations());
}

/// Chooses an offset for each buffer of the group; returns the end.
int64_t Launch::placeBuffers() {
  int64_t end = 0;
  loops.groups.walk([&](memref::AllocOp alloc) {
    if (!alloc->hasAttr("amos.level"))
      return;
    MemRefType type = alloc.getType();
    buffers.push_back({alloc, end});
    end += llvm::alignTo(type.getNumElements() *
                             llvm::divideCeil(type.getElementTypeBitWidth(), 8),
                         sharedAlignment);
  });
  return end;
}

/// Replaces a buffer, and what is derived from it, by one in shared memory.
void Launch::moveToShared(Value buffer, Value shared) {
  Attribute space = cast<MemRefType>(shared.getType()).getMemorySpace();
  for (Operation *user : llvm::to_vector(buffer.getUsers()))
    if (auto cast = dyn_cast<memref::ReinterpretCastOp>(user)) {
      MemRefType old = cast.getType();
      cast.getResult().setType(MemRefType::get(
          old.getShape(), old.getElementType(), old.getLayout(), space));
    }
  buffer.replaceAllUsesWith(shared);
}

void Launch::emit() {
  Location loc = loops.groups.getLoc();
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  Value one = constant(1);
  int64_t bytes = placeBuffers();
  Value size = arith::ConstantIntOp::create(builder, loc, bytes, 32);
  auto launch = gpu::LaunchOp::create(
      builder, loc, constant(loops.numGroups), one, one,
      constant(loops.numUnits * countLanes(loops.machine, loops.unitScope)),
      one, one, size);
  launch->setAttr("amos.scope", getScope(loops.groups));

  builder.setInsertionPointToStart(&launch.getBody().front());
  emitOverlap(builder, loc, loops.machine);
  auto space = gpu::AddressSpaceAttr::get(builder.getContext(),
                                          gpu::AddressSpace::Workgroup);
  auto pool = MemRefType::get({ShapedType::kDynamic}, builder.getI8Type(),
                              MemRefLayoutAttrInterface(), space);
  Value memory = gpu::DynamicSharedMemoryOp::create(builder, loc, pool);
  for (auto [alloc, offset] : buffers) {
    MemRefType old = alloc.getType();
    auto type = MemRefType::get(old.getShape(), old.getElementType(),
                                MemRefLayoutAttrInterface(), space);
    auto view = memref::ViewOp::create(builder, loc, type, memory,
                                       constant(offset), ValueRange());
    view->setAttr("amos.level", alloc->getAttr("amos.level"));
    moveToShared(alloc, view);
    alloc.erase();
  }
  Value group = emitPartIndex(builder, loc, loops.groupScope);
  auto terminator = gpu::TerminatorOp::create(builder, loc);
  builder.setInsertionPoint(terminator);
  inlineParts(loops.groups, group);
  builder.setInsertionPoint(loops.units);
  inlineParts(loops.units,
              emitUnitIndex(builder, loc, loops.groupScope, loops.unitScope));
  loops.units.erase();
  loops.groups.erase();
}

/// What emits code for kernels, if a machine of the program has such.
static Attribute getDeviceTarget(ModuleOp module) {
  for (auto machine : module.getOps<AcceleratorOp>())
    if (Attribute target = machine.getTargetAttr())
      if (isa<gpu::TargetAttrInterface>(target))
        return target;
  return nullptr;
}

void LaunchNestsPass::runOnOperation() {
  Attribute target = getDeviceTarget(getOperation());
  if (!target)
    return;
  for (auto function : getOperation().getOps<func::FuncOp>()) {
    if (function.isExternal())
      continue;
    function->setAttr("amos.target", target);
    SmallVector<scf::ParallelOp> nests;
    function.walk<WalkOrder::PreOrder>([&](scf::ParallelOp loops) {
      if (!getScope(loops))
        return WalkResult::advance();
      nests.push_back(loops);
      return WalkResult::skip();
    });
    for (scf::ParallelOp groups : nests) {
      FailureOr<SpreadLoops> loops = SpreadLoops::get(groups);
      if (failed(loops))
        return signalPassFailure();
      Launch(*loops).emit();
    }
  }
}
