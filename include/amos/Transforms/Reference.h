//===- Reference.h - What results are compared with -------------*- C++ -*-===//
#ifndef AMOS_TRANSFORMS_REFERENCE_H
#define AMOS_TRANSFORMS_REFERENCE_H

#include "mlir/Pass/PassManager.h"

namespace amos {

/// Turns the input program (before `amos-normalize`) into an LLVM dialect module
/// that defines `NAME_reference` for every public function `NAME`; docs/
/// Manifest.md says what those take. It shares nothing with the compiler proper:
/// only upstream passes and `amos-make-reference`, without tiles or vectors.
void buildReferencePipeline(mlir::OpPassManager &passes);

/// Registers that as `--amos-reference-pipeline`.
void registerReferencePipeline();

} // namespace amos

#endif // AMOS_TRANSFORMS_REFERENCE_H
