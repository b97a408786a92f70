//===- Pipeline.cpp - From the mapped program to the LLVM dialect ---------===//

#include "amos/Target/LLVM/Pipeline.h"
#include "HostConversions.h"
#include "amos/Target/NVVM/Pipeline.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/SCF/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace amos;

/// Tensors become buffers; results become arguments after the arguments.
static void addBufferization(OpPassManager &passes) {
  passes.addNestedPass<func::FuncOp>(createProtectArguments());
  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  bufferize.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  passes.addPass(bufferization::createOneShotBufferizePass(bufferize));
  passes.addPass(createCanonicalizerPass());
  bufferization::BufferResultsToOutParamsPassOptions outParams;
  outParams.modifyPublicFunctions = true;
  outParams.hoistStaticAllocs = true;
  outParams.hoistDynamicAllocs = true;
  passes.addPass(bufferization::createBufferResultsToOutParamsPass(outParams));
}

/// What is no tile becomes plain loops, buffers one workspace.
static void addLoops(OpPassManager &passes, const LowerOptions &options) {
  passes.addNestedPass<func::FuncOp>(createExpandCopies());
  passes.addPass(createShareLoops());
  if (options.vectorize)
    passes.addNestedPass<func::FuncOp>(createVectorizeLoops());
  if (options.isDevice)
    passes.addNestedPass<func::FuncOp>(createReduceInRegisters());
  passes.addNestedPass<func::FuncOp>(
      options.isDevice ? createConvertLinalgToParallelLoopsPass()
                       : createConvertLinalgToLoopsPass());
  passes.addNestedPass<func::FuncOp>(
      bufferization::createBufferLoopHoistingPass());
  passes.addNestedPass<func::FuncOp>(bufferization::createBufferHoistingPass());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  // Every loop nest is a launch.
  if (options.isDevice)
    passes.addNestedPass<func::FuncOp>(createParallelLoopFusionPass());
  passes.addPass(createPlanWorkspace());
  passes.addNestedPass<func::FuncOp>(createExpandArguments());
}

void amos::buildLowerPipeline(OpPassManager &passes,
                              const LowerOptions &options) {
  if (options.emulate) {
    passes.addPass(createEmulateTiles());
    passes.addNestedPass<func::FuncOp>(createParallelForToNestedForsPass());
  } else {
    passes.addNestedPass<func::FuncOp>(createPipelineStages());
    passes.addPass(createLaunchRoles());
    passes.addPass(createLaunchNests());
    passes.addPass(
        createRecordFeatures(RecordFeaturesOptions{options.vectorize}));
    passes.addPass(createLowerTiles());
    passes.addPass(createLowerStages());
  }
  passes.addPass(createDropAccelerators());
  // The arguments of a callee would change below, those of a call would not.
  passes.addPass(createInlinerPass());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  if (options.vectorize) {
    passes.addNestedPass<func::FuncOp>(createFuseRows());
    passes.addPass(createCanonicalizerPass());
    passes.addPass(createCSEPass());
  }
  if (options.isDevice)
    passes.addNestedPass<func::FuncOp>(createSplitReductions());
  addBufferization(passes);
  addLoops(passes, options);
  if (options.isDevice) {
    passes.addNestedPass<func::FuncOp>(createLaunchLoops());
    passes.addPass(createGpuKernelOutliningPass());
    passes.addPass(createAttachTargets());
  }
  addKernelPasses(passes);
  addHostConversions(passes);
}
