//===- Passes.td - The compiler, in the order it runs ------*- tablegen -*-===//
#ifndef AMOS_TRANSFORMS_PASSES_TD
#define AMOS_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// Stage normalize
//===----------------------------------------------------------------------===//

def Normalize : Pass<"amos-normalize", "::mlir::ModuleOp"> {
  let summary = "bring every operator into the form that mappings are found on";
  let description = [{
    TOSA becomes linalg, tensor and arith by upstream's conversions, private
    functions are inlined, and named linalg contractions become
    `linalg.generic`. The loops of an operator are never renumbered or dropped:
    iteration 3 of the input is iteration 3 of the result.

    `amos.operation` keeps the name of what the user wrote, for reports only.
    An op that does not convert stays as it is, with a remark.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

//===----------------------------------------------------------------------===//
// Stage apply-mapping
//===----------------------------------------------------------------------===//

def ApplyMapping : Pass<"amos-apply-mapping", "::mlir::func::FuncOp"> {
  let summary = "turn mapped contractions into loops over tiles";
  let description = [{
    Replaces every linalg op that carries `amos.mapping` and `amos.schedule` by
    the mapped program: the loops of the schedule around `amos.load`,
    `amos.invoke` and `amos.store`. Loops whose last step is partial are split
    statically, so that guards stay on the borders. Operands staged as `copy` or
    `pack` are first written to buffers of their own.
  }];
  let dependentDialects = [
    "::amos::AmosDialect", "::mlir::affine::AffineDialect",
    "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

#endif // AMOS_TRANSFORMS_PASSES_TD
