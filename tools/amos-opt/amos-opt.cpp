//===- amos-opt.cpp - Runs single passes, for tests and for people --------===//

#include "Amos/AmosDialect.h"
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
  amos::registerRecordSignature();
  amos::registerNormalize();
  amos::registerRecordOperations();
  amos::registerAddEntries();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "amosc pass driver\n", registry));
}
