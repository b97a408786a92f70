//===- Passes.td - The compiler, in the order it runs ------*- tablegen -*-===//
#ifndef AMOS_TRANSFORMS_PASSES_TD
#define AMOS_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

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
