//===- Pipeline.cpp - Kernels for NVIDIA machines -------------------------===//

#include "amos/Target/NVVM/Pipeline.h"
#include "amos/Transforms/ExpandFloatCasts.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Conversion/VectorToSCF/VectorToSCF.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace amos;

/// Positions of parts, rows and columns fit words of 32 bits, which is as wide
/// as a device computes: a division of wider ones is a hundred instructions.
static void addNarrowing(OpPassManager &kernels) {
  kernels.addPass(arith::createIntRangeOptimizationsPass());
  kernels.addPass(arith::createArithUnsignedWhenEquivalentPass());
  arith::ArithIntRangeNarrowingOptions narrowing;
  narrowing.bitwidthsSupported = {32};
  kernels.addPass(arith::createArithIntRangeNarrowing(narrowing));
}

/// The order of upstream's own pipeline for NVVM: what has a meaning of its own
/// on the device first, then what is the same everywhere.
static void addConversions(OpPassManager &kernels) {
  kernels.addPass(memref::createExpandStridedMetadataPass());
  kernels.addPass(createExpandFloatCasts());
  kernels.addPass(createConvertNVGPUToNVVMPass());
  kernels.addPass(createConvertVectorToSCFPass());
  kernels.addPass(createLowerAffinePass());
  addNarrowing(kernels);
  kernels.addPass(createSCFToControlFlowPass());
  kernels.addPass(amos::createApproximateFunctions());
  ConvertGpuOpsToNVVMOpsOptions gpu;
  gpu.useBarePtrCallConv = true;
  kernels.addPass(createConvertGpuOpsToNVVMOps(gpu));
  // Behind the one that knows what shared memory is: loads of vectors from it
  // are gone, what is left are values.
  kernels.addPass(createConvertVectorToLLVMPass());
  kernels.addPass(createConvertNVVMToLLVMPass());
  kernels.addPass(createConvertMathToLLVMPass());
  kernels.addPass(createArithToLLVMConversionPass());
  kernels.addPass(createConvertIndexToLLVMPass());
  kernels.addPass(createUBToLLVMConversionPass());
  kernels.addPass(createReconcileUnrealizedCastsPass());
  kernels.addPass(createCanonicalizerPass());
  kernels.addPass(createCSEPass());
}

void amos::addKernelPasses(OpPassManager &passes) {
  passes.addPass(createLowerLaunches());
  addConversions(passes.nest<gpu::GPUModuleOp>());
}
