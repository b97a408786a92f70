//===- Passes.td - The compiler, in the order it runs ------*- tablegen -*-===//
#ifndef AMOS_TRANSFORMS_PASSES_TD
#define AMOS_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// Stage parse
//===----------------------------------------------------------------------===//

def RecordSignature : Pass<"amos-record-signature", "::mlir::ModuleOp"> {
  let summary = "keep what C callers see of every public function";
  let description = [{
    Stores names, element types, shapes and roles of the arguments and results
    as `amos.signature`, since later stages have pointers only, and of a strided
    buffer offset and strides. An argument of integers is unsigned iff every use
    extends it with `arith.extui`. A function that already carries the attribute
    keeps it.

    ```mlir
    amos.signature = [
      {dtype = "u8", name = "arg0", role = "in", shape = array<i64: 8>},
      {dtype = "i32", name = "result0", role = "out", shape = array<i64: 8>}
    ]
    ```

    Arguments that callers pack before they call carry `amos.prepacked`; those
    that the option names get it. They are tensors of known extents that the
    function only reads.
  }];
  let options = [
    ListOption<"prepack", "prepack", "std::string",
               "arguments that callers pack before they call, by their names in "
               "the header">];
}

//===----------------------------------------------------------------------===//
// Stage normalize
//===----------------------------------------------------------------------===//

def Normalize : Pass<"amos-normalize", "::mlir::ModuleOp"> {
  let summary = "bring every operator into the form that mappings are found on";
  let description = [{
    TOSA becomes linalg, tensor and arith by upstream's conversions, private
    functions are inlined, and named linalg contractions become
    `linalg.generic`. Known zero points leave the contraction: what they add is
    a sum over each source. The loops of an operator are never renumbered or
    dropped: iteration 3 of the input is iteration 3 of the result.

    `amos.operation` keeps the name of what the user wrote, for reports only.
    An op that does not convert stays as it is, with a remark.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect",
    "::mlir::tosa::TosaDialect"];
}

def DecomposeAggregates : Pass<"amos-decompose-aggregates", "::mlir::func::FuncOp"> {
  let summary = "take softmax and its like apart into generic ops";
  let description = [{
    Ops that upstream knows to be several (`linalg.softmax`) have no loops of
    their own; each becomes what it stands for.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect"];
}

def RecordExtents : Pass<"amos-record-extents", "::mlir::ModuleOp"> {
  let summary = "add the question whether unknown extents fit each other";
  let description = [{
    For each public function that has them, adds a private one that takes every
    dynamic extent of the arguments, then of the results, and tells whether the
    body may run for them: dimensions along which one loop of a linalg op runs
    are equal, those that are indexed otherwise hold every index, slices lie in
    their tensors, what is copied or cast has the extents of what it becomes, each
    `cf.assert` holds, and results are as large as computed. `amos.extents` names it. The
    entries ask it, so the assertions are dropped from the body. An answer that
    depends on more than extents is refused (E-DYNAMIC).
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::cf::ControlFlowDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

def FuseElementwise : Pass<"amos-fuse-elementwise", "::mlir::func::FuncOp"> {
  let summary = "make one op of a chain of elementwise ops";
  let description = [{
    An elementwise op of which one other elementwise op takes every element once
    becomes part of that, and so does a broadcast. Splat constants and fills become
    scalars of the body. A contraction and what is done to its result are then two
    ops, which `amos.epilogue` makes one unit; contractions are left alone.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect"];
}

//===----------------------------------------------------------------------===//
// Stage find-mappings
//===----------------------------------------------------------------------===//

def SplitSums : Pass<"amos-split-sums", "::mlir::ModuleOp"> {
  let summary = "give each lane its own part of a sum along a row";
  let description = [{
    Where a source's elements are used once and lie in rows along a reduction, as
    those of a matrix that is multiplied by a vector, no loop over results reads
    neighbours. Such a sum becomes one of as many sums as a register has lanes, each
    over its own elements of a row, and a sum of these. Only where all machines
    are processors, and whole registers make a row.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect"];
}

def FindMappings : Pass<"amos-find-mappings", "::mlir::ModuleOp"> {
  let summary = "list every proved mapping of every contraction";
  let description = [{
    Confronts each contraction with the intrinsics of all `amos.accelerator` ops
    of the module. `amos.candidates` lists the mappings whose certificate holds,
    `amos.rejected` what was refused and why. Elementwise ops and plain
    reductions are passed over.

    An op that already carries `amos.mapping` is verified, with `amos.schedule`
    if it has one, and kept; a wrong one is an error that names what is wrong.

    Where one elementwise op alone takes the result of a contraction that has
    candidates, the contraction gets `amos.epilogue = true`: it is computed where the
    sums are stored, and priced so. `false` on an op keeps the two apart.
  }];
  let options = [
    Option<"intrinsic", "intrinsic", "std::string", "\"*\"",
           "only intrinsics whose name matches this pattern">,
    Option<"rule", "rule", "::amos::MappingRule",
           "::amos::MappingRule::Complete", "which matchings are listed",
           [{::llvm::cl::values(
             clEnumValN(::amos::MappingRule::Complete, "complete",
                        "every proved one"),
             clEnumValN(::amos::MappingRule::Amos, "amos",
                        "those that AMOS (ISCA 2022) counts"))}]>];
  let statistics = [
    Statistic<"numCandidates", "candidates", "mappings proved">,
    Statistic<"numRejections", "rejections", "intrinsics or mappings refused">];
  let dependentDialects = ["::amos::AmosDialect"];
}

//===----------------------------------------------------------------------===//
// Stage select-mapping
//===----------------------------------------------------------------------===//

def SelectMapping : Pass<"amos-select-mapping", "::mlir::ModuleOp"> {
  let summary = "price every candidate and choose mapping and schedule";
  let description = [{
    Explores the schedules of each mapping in `amos.candidates` with the cost
    model (docs/CostModel.md) and sorts the candidates by predicted time, each
    with its best schedule and cost. The first becomes `amos.mapping`,
    `amos.schedule` and `amos.cost`. Machines are compared in seconds, by their
    clocks. Candidates without a schedule that fits move to `amos.rejected`.

    An op that already carries `amos.mapping` keeps it, and its schedule if it
    has one; what is missing is added.
  }];
  let options = [
    Option<"effort", "effort", "unsigned", /*default=*/"2",
           "0 choose nothing, 1 the first legal candidate, 2 the best one">,
    Option<"seed", "seed", "uint64_t", /*default=*/"0",
           "of the exploration of schedules">,
    ListOption<"mappings", "mapping", "std::string",
               "use this instead of choosing: an id or '#amos.mapping<..>', "
               "for one operator after '@function#number='; a literal stands in "
               "two pairs of braces here">,
    Option<"neverPad", "never-pad", "bool", /*default=*/"false",
           "refuse mappings that perform multiply-adds on padding">];
  let statistics = [
    Statistic<"numPriced", "priced", "candidates explored">,
    Statistic<"numRefused", "refused", "candidates without a schedule">];
  let dependentDialects = ["::amos::AmosDialect"];
}

//===----------------------------------------------------------------------===//
// Stage apply-mapping
//===----------------------------------------------------------------------===//

def RecordOperations : Pass<"amos-record-operations", "::mlir::func::FuncOp"> {
  let summary = "keep what was decided about each operator";
  let description = [{
    Stores an `amos.operations` on every public function, before the operators
    dissolve into loops: for each its name, location, extents, multiply-adds,
    reduction length, accumulator and the decisions it carries. The manifest is
    written from it.
  }];
}

def ApplyMapping : Pass<"amos-apply-mapping", "::mlir::ModuleOp"> {
  let summary = "turn mapped contractions into loops over tiles";
  let description = [{
    Replaces every linalg op that carries `amos.mapping` and `amos.schedule` by
    the mapped program: the loops of the schedule around `amos.load`,
    `amos.invoke` and `amos.store`. Loops whose last step is partial are split
    statically, so that guards stay on the borders. Operands staged as `copy` or
    `pack` are first written to buffers of their own; constants are packed here
    and now.

    An argument with `amos.prepacked` becomes a buffer of bytes, which holds its
    tiles as each operator packs them and, where something else reads it, all of
    it as it lies. A function `NAME.pack.ARG` of the argument and that buffer
    fills it; `amos.signature` names it, and the bytes.

    With `amos.epilogue = true` the elementwise op that takes the result becomes the
    body of the stores. Where sums are read back between parts of a reduction, they
    stay in a buffer of their own type until the last one.
  }];
  let dependentDialects = [
    "::amos::AmosDialect", "::mlir::affine::AffineDialect",
    "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

//===----------------------------------------------------------------------===//
// Stage lower
//===----------------------------------------------------------------------===//

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
    argument starts from a copy of it. A tensor that is returned twice is copied,
    since each result has a buffer of its own.
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect"];
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

//===----------------------------------------------------------------------===//
// Stage emit
//===----------------------------------------------------------------------===//

def AddEntries : Pass<"amos-add-entries", "::mlir::ModuleOp"> {
  let summary = "wrap the kernels in the functions that C programs call";
  let description = [{
    Expects an `amos.signature` on each `llvm.func` to be exported, which takes
    a pointer for every parameter (dynamic extents, offset and strides after
    their pointer; scalars by value), then the workspace if there may be one, and
    returns nothing.
    `amos.workspace` is the workspace's size in bytes, `amos.features` the CPU
    features the kernel uses.

    Several kernels with the same `amos.variant_of` are the code of one function
    for several machines: the first runs whose features the CPU has, and the
    workspace fits all.

    The kernel becomes the internal `amos.kernel.NAME`; `NAME`, `NAME_call`,
    `NAME_workspace_size` and `NAME_error` check what they are given and return
    a status. Every other definition becomes internal. A feature for which no
    run-time check is known is an error.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
  let options = [
    Option<"prefix", "prefix", "std::string", /*default=*/"",
           "prefix of the exported symbols">];
}

//===----------------------------------------------------------------------===//
// Beside the stages: what results are compared with
//===----------------------------------------------------------------------===//

def MakeReference : Pass<"amos-make-reference", "::mlir::ModuleOp"> {
  let summary = "make the functions that results are compared with";
  let description = [{
    Expects the input program, its named operators generalized and its private
    functions inlined. Every function `NAME` becomes `NAME_reference`, which
    computes floats in f64: read-only arguments keep their type and are widened
    on entry, everything else is f64. Integers stay as they are. The loop along
    the rows of a result becomes the innermost one, which changes no sum.

    Two arguments of type index, `first` and `step`, follow the others. They
    choose what `amos-sample-reference` will compute. The `amos.signature` tells
    of them and of the wider types.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::memref::MemRefDialect", "::mlir::tensor::TensorDialect"];
}

def SampleReference : Pass<"amos-sample-reference", "::mlir::func::FuncOp"> {
  let summary = "compute some rows of the results instead of all";
  let description = [{
    In a bufferized reference, the loops that `amos-make-reference` marked run
    from the argument `first` by the argument `step`: those along the first of
    the largest extents of a result. Ops that more than one op reads, and results
    that no `linalg.generic` makes, are computed in full.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect"];
}

#endif // AMOS_TRANSFORMS_PASSES_TD
