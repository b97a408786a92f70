//===- amos-translate.cpp - Writes single reports, for tests --------------===//

#include "Amos/AmosDialect.h"
#include "amos/Report/Header.h"
#include "amos/Report/Manifest.h"
#include "mlir/Dialect/DLTI/DLTI.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "mlir/Tools/mlir-translate/Translation.h"

using namespace mlir;

static void registerDialects(DialectRegistry &registry) {
  registry.insert<amos::AmosDialect, arith::ArithDialect, func::FuncDialect,
                  linalg::LinalgDialect, LLVM::LLVMDialect,
                  tensor::TensorDialect>();
}

static LogicalResult writeHeader(Operation *op, raw_ostream &out) {
  return amos::emitHeader(cast<ModuleOp>(op), "", out);
}

static LogicalResult writeManifest(Operation *op, raw_ostream &out) {
  amos::ManifestOptions options;
  options.producer = "amos-translate";
  options.targets = {"test"};
  options.artifacts = {{"library", "test.so"},
                       {"reference", "test.reference.so"}};
  return amos::emitManifest(cast<ModuleOp>(op), options, out);
}

int main(int argc, char **argv) {
  TranslateFromMLIRRegistration header("amos-to-header", "write the C header",
                                       writeHeader, registerDialects);
  TranslateFromMLIRRegistration manifest("amos-to-manifest",
                                         "write the manifest", writeManifest,
                                         registerDialects);
  return failed(mlirTranslateMain(argc, argv, "amosc report writer\n"));
}
