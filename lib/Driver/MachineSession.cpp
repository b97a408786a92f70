//===- MachineSession.cpp - What the verbs of `target` start with ---------===//

#include "MachineSession.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"

using namespace amos;

MachineSession::MachineSession() {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<AmosDialect>();
  context = std::make_unique<mlir::MLIRContext>(
      registry, mlir::MLIRContext::Threading::DISABLED);
  // The line in the file is shown; the op as MLIR sees it can fill pages.
  context->printOpOnDiagnostic(false);
  diagnostics =
      std::make_unique<Diagnostics>(context.get(), DiagnosticOptions());
}

ExitCode MachineSession::read(llvm::StringRef target) {
  auto files = findAccelerators(context.get(), target);
  if (failed(files))
    return ExitCode::Usage;
  for (const AcceleratorFile &file : *files) {
    auto module = readAccelerator(context.get(), file);
    if (!module)
      return ExitCode::Input;
    machines.push_back({file, std::move(module)});
  }
  return ExitCode::Success;
}
