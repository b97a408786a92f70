//===- Pipeline.h - Kernels for NVIDIA machines -----------------*- C++ -*-===//
#ifndef AMOS_TARGET_NVVM_PIPELINE_H
#define AMOS_TARGET_NVVM_PIPELINE_H

#include "mlir/Pass/PassManager.h"

namespace amos {

/// Adds the passes behind those that make kernels: every launch becomes a call
/// of the launcher, every `gpu.module` is brought to the dialects that LLVM's
/// NVPTX target reads. A program without kernels stays as it is.
void addKernelPasses(mlir::OpPassManager &passes);

} // namespace amos

#endif // AMOS_TARGET_NVVM_PIPELINE_H
