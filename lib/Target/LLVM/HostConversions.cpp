//===- HostConversions.cpp - From buffers and loops to the LLVM dialect ---===//

#include "HostConversions.h"
#include "amos/Transforms/ExpandFloatCasts.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace amos;

/// LLVM would call a run-time function that older versions of libgcc lack, so
/// arithmetic in bf16 is done in f32 and rounded by integer operations.
static void addBf16Expansion(OpPassManager &passes) {
  arith::ArithEmulateUnsupportedFloatsOptions emulate;
  emulate.sourceTypeStrs = {"bf16"};
  emulate.targetTypeStr = "f32";
  passes.addPass(arith::createArithEmulateUnsupportedFloats(emulate));
  arith::ArithExpandOpsPassOptions expand;
  expand.includeBf16 = true;
  passes.addPass(arith::createArithExpandOpsPass(expand));
}

void amos::addHostConversions(OpPassManager &passes) {
  passes.addPass(createForkThreads());
  passes.addPass(memref::createExpandStridedMetadataPass());
  passes.addPass(createLowerAffinePass());
  passes.addPass(createSCFToControlFlowPass());
  // There are no functions of narrower floats, neither ours nor a library's.
  passes.addPass(math::createMathExtendToSupportedTypes());
  passes.addPass(createApproximateFunctions());
  passes.addPass(createExpandFloatCasts());
  addBf16Expansion(passes);
  passes.addPass(createConvertVectorToLLVMPass());
  passes.addPass(createConvertMathToLLVMPass());
  passes.addPass(createConvertMathToLibmPass());
  passes.addPass(createArithToLLVMConversionPass());
  passes.addPass(createFinalizeMemRefToLLVMConversionPass());
  ConvertFuncToLLVMPassOptions functions;
  functions.useBarePtrCallConv = true;
  passes.addPass(createConvertFuncToLLVMPass(functions));
  passes.addPass(createConvertControlFlowToLLVMPass());
  passes.addPass(createUBToLLVMConversionPass());
  passes.addPass(createReconcileUnrealizedCastsPass());
  passes.addPass(createOutlineThreads());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
}
