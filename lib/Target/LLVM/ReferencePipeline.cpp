//===- ReferencePipeline.cpp - From the input to plain loops --------------===//

#include "amos/Target/LLVM/ReferencePipeline.h"
#include "HostConversions.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Conversion/TosaToLinalg/TosaToLinalg.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace amos {

static void addLinalgPasses(OpPassManager &passes) {
  tosa::addTosaToLinalgPasses(passes, TosaToLinalgOptions{},
                              TosaToLinalgNamedOptions{}, std::nullopt);
  OpPassManager &functions = passes.nest<func::FuncOp>();
  TosaToArithPassOptions arithmetic;
  arithmetic.includeApplyRescale = true;
  functions.addPass(createTosaToArithPass(arithmetic));
  functions.addPass(createTosaToTensorPass());
  functions.addPass(createDecomposeAggregates());
  functions.addPass(createConvertElementwiseToLinalgPass());
  functions.addPass(createLinalgGeneralizeNamedOpsPass());
  passes.addPass(createInlinerPass());
  passes.addPass(createSymbolDCEPass());
}

static void addBufferPasses(OpPassManager &passes) {
  passes.addNestedPass<func::FuncOp>(createProtectArguments());
  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  bufferize.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  passes.addPass(bufferization::createOneShotBufferizePass(bufferize));
  bufferization::BufferResultsToOutParamsPassOptions results;
  results.hoistStaticAllocs = true;
  results.modifyPublicFunctions = true;
  passes.addPass(bufferization::createBufferResultsToOutParamsPass(results));
  bufferization::buildBufferDeallocationPipeline(passes, {});
  // The function that frees what branches made takes descriptors, which C
  // functions do not.
  passes.addPass(createInlinerPass());
  passes.addPass(createSymbolDCEPass());
}

static void addLoopPasses(OpPassManager &passes) {
  OpPassManager &functions = passes.nest<func::FuncOp>();
  functions.addPass(createExpandCopies());
  functions.addPass(createSampleReference());
  functions.addPass(createConvertLinalgToLoopsPass());
  functions.addPass(createExpandArguments());
}

void buildReferencePipeline(OpPassManager &passes) {
  passes.addPass(createRecordSignature());
  passes.addPass(createVerifyTosa());
  addLinalgPasses(passes);
  passes.addPass(createMakeReference());
  addBufferPasses(passes);
  addLoopPasses(passes);
  addHostConversions(passes);
  passes.addPass(createAddEntries());
}

void registerReferencePipeline() {
  PassPipelineRegistration<>(
      "amos-reference-pipeline",
      "turn the input program into the functions results are compared with",
      buildReferencePipeline);
}

} // namespace amos
