//===- amos-lsp-server.cpp - A language server for programs and machines --===//

#include "Amos/AmosDialect.h"
#include "Server.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

using namespace amos;

/// MLIR's own server, with the dialect.
static int serve(char *program) {
  char quietly[] = "--log=error";
  char *words[] = {program, quietly, nullptr};
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<AmosDialect>();
  return failed(mlir::MlirLspServerMain(2, words, registry));
}

static int printHelp() {
  llvm::outs() << "amos-lsp-server [--target=MACHINE]\n\n"
                  "Serves the language server protocol on the standard input "
                  "and output: completion,\nhover and diagnostics of MLIR, and "
                  "the mapping that amosc chooses as an inlay hint\non each "
                  "contraction.\n\n"
                  "  --target=MACHINE  the machine, as amosc has it; also "
                  "initializationOptions.target\n";
  return 0;
}

int main(int argc, char **argv) {
  std::string target;
  for (int i = 1; i < argc; ++i) {
    llvm::StringRef word = argv[i];
    if (word == serveWord)
      return serve(argv[0]);
    if (word == "--help" || word == "-h")
      return printHelp();
    if (word.consume_front("--target=")) {
      target = word.str();
    } else if (word != "--stdio") { // editors say so to every server
      llvm::errs() << "error: unknown option '" << word
                   << "'; there is '--target=MACHINE'\n";
      return 2;
    }
  }
  return Server(target).run();
}
