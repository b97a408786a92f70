//===- ReferencePipeline.h - What results are compared with -----*- C++ -*-===//
#ifndef AMOS_TARGET_LLVM_REFERENCEPIPELINE_H
#define AMOS_TARGET_LLVM_REFERENCEPIPELINE_H

#include "mlir/Pass/PassManager.h"

namespace amos {

/// Turns the input program (before `amos-normalize`) into an LLVM dialect
/// module with the C functions of `NAME_reference` for every public function
/// `NAME`; docs/Manifest.md says what those take. Nothing of what maps,
/// schedules and lowers tiles takes part: upstream passes and
/// `amos-make-reference`, without tiles or vectors.
void buildReferencePipeline(mlir::OpPassManager &passes);

/// Registers that as `--amos-reference-pipeline`.
void registerReferencePipeline();

} // namespace amos

#endif // AMOS_TARGET_LLVM_REFERENCEPIPELINE_H
