//===- LowerPasses.td - Stage lower, in the order it runs --*- tablegen -*-===//
#ifndef AMOS_TRANSFORMS_LOWERPASSES_TD
#define AMOS_TRANSFORMS_LOWERPASSES_TD

include "mlir/Pass/PassBase.td"

def PipelineStages : Pass<"amos-pipeline-stages", "::mlir::func::FuncOp"> {
  let summary = "fill shared buffers while earlier ones are worked on";
  let description = [{
    A loop whose stages have `amos.stages` of n becomes one around rings of n
    buffers. It begins to fill the buffers of n - 1 steps ahead (`amos.begun`),
    waits for a step's only at the end of the step before, and loads the first
    fragments of a step there too, so that they are on their way over the edge of
    the loop. Loops of one reduction are flattened, those inside of a step are
    unrolled. What a step does in the end is as before.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"];
}

def LaunchRoles : Pass<"amos-launch-roles", "::mlir::ModuleOp"> {
  let summary = "turn nests whose chunks are read in place into kernels with roles";
  let description = [{
    A spread nest whose invocations read all staged buffers where they are becomes
    a `gpu.launch` whose first units bring chunks, slot after slot of a ring in
    shared memory, while the others compute what has come. There are as many slots
    as the stages ask for (`amos.stages`), or as fit. A stage that names a copy is
    brought by the engine, which one lane asks; descriptors are built on the host in
    front of the launch. Of any other one the lanes of a unit gather the elements,
    swizzled as the intrinsic's layout says; several such units take turns. Each
    group does every so-manieth part; there are as many groups as the machine has,
    or as there are parts.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::gpu::GPUDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"];
}

def LaunchNests : Pass<"amos-launch-nests", "::mlir::ModuleOp"> {
  let summary = "turn spread nests into launches of kernels";
  let description = [{
    For machines whose target is a GPU's. A loop over the groups of a nest with
    the loop over their units inside becomes a `gpu.launch`: blocks are groups,
    threads the lanes of the units; the `index` regions of the scopes tell them
    apart. Buffers of a group lie in its shared memory. Every function is marked
    with the target (`amos.target`), since its buffers are the device's then.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect",
    "::mlir::memref::MemRefDialect"];
}

def LowerStages : Pass<"amos-lower-stages", "::mlir::ModuleOp"> {
  let summary = "let the threads of a group fill its buffers together";
  let description = [{
    The elements of a staged buffer are dealt out to all threads of the group, in
    pieces as wide as the memories' widest access where these lie side by side in
    the source and are there as a whole or not at all. All pieces are read first;
    then the group meets (its scope's `sync`), stores, and meets again.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"];
}

def RecordFeatures : Pass<"amos-record-features", "::mlir::ModuleOp"> {
  let summary = "record what a processor must have for each function";
  let description = [{
    `amos.features` are those of the machines whose intrinsics a function invokes,
    `amos.vector_bytes` the width of their registers where these are vectors.
  }];
  let options = [Option<
    "plainLoops", "plain-loops", "bool", "false",
    "functions that invoke nothing may use the machine with the widest registers">];
}

def LowerTiles : Pass<"amos-lower-tiles", "::mlir::ModuleOp"> {
  let summary = "turn tiles into values of the machine's registers";
  let description = [{
    A tile becomes the value that the lowering of its intrinsic receives, a
    buffer of tiles a buffer of such values. Invocations are replaced by the
    `lowering` region. Loads and stores follow the placements: elements that
    lie together move together, a repeated group is broadcast, a few groups are
    shuffled into order, the rest is gathered. From a memory that units share, a
    copy of the machine from `rows` to a `fragment` is used where it brings the
    very elements, of one tile or of several side by side.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

def EmulateTiles : Pass<"amos-emulate-tiles", "::mlir::ModuleOp"> {
  let summary = "turn tiles into tensors and intrinsics into their meaning";
  let description = [{
    The other lowering of a mapped program: an invocation is replaced by the
    `semantics` region, so that a program runs anywhere, for any machine.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

def DropAccelerators : Pass<"amos-drop-accelerators", "::mlir::ModuleOp"> {
  let summary = "remove the descriptions once nothing refers to them";
}

def ApproximateFunctions : Pass<"amos-approximate-functions"> {
  let summary = "compute exp, tanh and their like by polynomials";
  let description = [{
    By upstream's approximations in f32, to a few units in the last place: on a
    device, for which there is no library, everywhere, on a host of vectors, whose
    lanes would be calls.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::vector::VectorDialect"];
}

def ProtectArguments : Pass<"amos-protect-arguments", "::mlir::func::FuncOp"> {
  let summary = "keep the buffers of callers apart";
  let description = [{
    C callers pass tensors as pointers to const; a result that starts from an
    argument starts from a copy of it. What is returned twice, a tensor or a
    buffer, is copied, since each result has a buffer of its own.
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect",
                           "::mlir::memref::MemRefDialect"];
}

def ExpandCopies : Pass<"amos-expand-copies", "::mlir::func::FuncOp"> {
  let summary = "turn copies of strided buffers into linalg ops";
  let description = [{
    Upstream lowers them to a call of a runtime library that objects made here
    do not link.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def FuseRows : Pass<"amos-fuse-rows", "::mlir::func::FuncOp"> {
  let summary = "do ops behind each other piece by piece";
  let description = [{
    An op on tensors that maps onto no intrinsic, and those in front of it whose
    results only these take, become a loop over pieces of the loops that all of
    them follow: the rows of a softmax, the lines of a pooled image and of its
    padding. A piece of all fits a first-level cache. What was between them is as
    large as a piece. Ops that make more than a move are computed once. Done by
    upstream's tiling of consumers.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"];
}

def SplitReductions : Pass<"amos-split-reductions", "::mlir::func::FuncOp"> {
  let summary = "give each thread of a device its own part of a reduction";
  let description = [{
    Where an op on tensors has few results, each of them from many elements, it
    becomes an op of more results and one that puts these together, and that again,
    until a thread has no more than 64 steps or 262144 threads are busy. Its steps are
    far from each other in memory, so that neighbours in memory are for neighbours among the threads. Only
    sums, products, extremes and their like, in functions that run on a device.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect"];
}

def ReduceInRegisters : Pass<"amos-reduce-in-registers", "::mlir::func::FuncOp"> {
  let summary = "carry the sums of a device's threads in registers";
  let description = [{
    A linalg op on buffers that reduces becomes parallel loops over its results and
    loops inside that carry them, instead of reading and writing them at each step.
    Only in functions that run on a device.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect"];
}

def VectorizeLoops : Pass<"amos-vectorize-loops", "::mlir::func::FuncOp"> {
  let summary = "compute by vectors what is no contraction";
  let description = [{
    Linalg ops on buffers become loops, one of which goes on in steps of a vector:
    the one along which most operands have neighbours, be it a reduction. Sums are
    in registers, several at a time. What is left of a loop is done by vectors of
    half the width, and so on. Functions say in `amos.vector_bytes` how wide a
    register is; those that do not, and ops that fit no lanes, are left alone.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"];
}

def LaunchLoops : Pass<"amos-launch-loops", "::mlir::func::FuncOp"> {
  let summary = "run on the device what is left of its functions";
  let description = [{
    Outermost parallel loops become kernels with one thread for each point, what
    else reads or writes buffers kernels of one thread. Constants and global
    buffers are made inside of the kernels. Each launch is told the names of its
    kernel, `NAME_kernels::NAME_kernelN`.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect",
    "::mlir::scf::SCFDialect"];
}

def AttachTargets : Pass<"amos-attach-targets", "::mlir::ModuleOp"> {
  let summary = "give kernels the target of the functions that launch them";
}

def PlanWorkspace : Pass<"amos-plan-workspace", "::mlir::ModuleOp"> {
  let summary = "put every buffer of a function into one workspace argument";
  let description = [{
    Appends a `memref<Nxi8>` argument to each function, replaces the allocations
    of its body by views of it and records N as `amos.workspace`. Buffers of
    unknown extents come after the N bytes; then `amos.workspace_size` names a
    private function that tells the size of all from the dynamic extents of the
    arguments. What a loop or branch allocates for itself is freed where it ends.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
}

def ExpandArguments : Pass<"amos-expand-arguments", "::mlir::func::FuncOp"> {
  let summary = "pass a pointer and numbers for a buffer that needs them";
  let description = [{
    An argument of unknown extents, offset or strides becomes a buffer of rank 0
    and an `i64` for each unknown number: the extents, the offset, the strides.
    What was the argument is made of them on entry. Every other argument is a
    plain pointer already.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
}

def ShareLoops : Pass<"amos-share-loops", "::mlir::ModuleOp"> {
  let summary = "let threads share what is no contraction";
  let description = [{
    In a function with `amos.threads`, a linalg op on buffers that has enough to do
    becomes pieces of equal size along one of its parallel loops, and each thread
    does as many of them (`scf.parallel` with `amos.thread_loop`). So does a loop over
    the pieces of a row (`scf.forall`).
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"];
}

def ForkThreads : Pass<"amos-fork-threads", "::mlir::ModuleOp"> {
  let summary = "turn loops over threads into parallel regions";
  let description = [{
    `scf.parallel` with `amos.thread_loop` becomes an `omp.parallel` that asks for as
    many threads as there are steps, and does them however many come.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::omp::OpenMPDialect", "::mlir::scf::SCFDialect"];
}

def OutlineThreads : Pass<"amos-outline-threads", "::mlir::ModuleOp"> {
  let summary = "turn parallel regions into functions that threads run";
  let description = [{
    Each `omp.parallel` with a number of threads becomes a function of its own and
    a call of `GOMP_parallel`, which both GCC's and LLVM's OpenMP runtimes have.
    What the region uses is passed in a record; constants and addresses are
    computed again.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def LowerLaunches : Pass<"amos-lower-launches", "::mlir::ModuleOp"> {
  let summary = "turn launches of kernels into calls of the launcher";
  let description = [{
    In a function with a `gpu.launch_func`, every buffer is memory of the device.
    Such a function gets one more argument, the run it belongs to, and each
    launch becomes a call of `amos.gpu.launch` (lib/Target/NVVM/Launcher.c),
    which hands on addresses and scalars. `amos.device` keeps the target of the
    kernels, `amos.launches` their sizes and parameters for the manifest.

    A memref reaches the kernel as one pointer, so its extents, strides and
    offset are static. Sizes of blocks become known to the kernel where they are
    constant. What would read or write device memory on the host is an error.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::memref::MemRefDialect"];
}

#endif // AMOS_TRANSFORMS_LOWERPASSES_TD
