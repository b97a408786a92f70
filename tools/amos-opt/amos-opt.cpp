//===- amos-opt.cpp - Runs single passes, for tests and for people --------===//

#include "Amos/AmosDialect.h"
#include "amos/Target/LLVM/Pipeline.h"
#include "amos/Target/LLVM/ReferencePipeline.h"
#include "amos/Transforms/ExpandFloatCasts.h"
#include "amos/Transforms/Passes.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllPasses();
  registry.insert<amos::AmosDialect>();
  amos::registerAmosTransformsPasses();
  amos::registerExpandFloatCasts();
  for (bool emulate : {false, true})
    mlir::PassPipelineRegistration<>(
        emulate ? "amos-lower-emulated" : "amos-lower",
        "stage 'lower': from the mapped program to the LLVM dialect",
        [=](mlir::OpPassManager &passes) {
          amos::buildLowerPipeline(passes, {emulate});
        });
  amos::registerReferencePipeline();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "amosc pass driver\n", registry));
}
