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

def VerifyTosa : Pass<"amos-verify-tosa", "::mlir::ModuleOp"> {
  let summary = "refuse operations of TOSA that upstream cannot convert";
  let description = [{
    Fails with a diagnostic on operations that are valid TOSA and of which
    upstream's conversion to linalg makes no program.
  }];
}

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

include "amos/Transforms/LowerPasses.td"

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
