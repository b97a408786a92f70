//===- change.cpp - Changes of a machine on damaged text ------------------===//
//
// What `amosc target what-if` takes, and the search for the nearest name.
//
//===----------------------------------------------------------------------===//

#include "Amos/AmosDialect.h"
#include "amos/Driver/MachineChange.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;

static constexpr llvm::StringLiteral machine = R"(
amos.accelerator @machine clock(1.0e9) {
  scope @thread
  level @memory per @thread bandwidth(7.5) latency(300)
  level @l2 per @thread capacity(1048576) bandwidth(32.0) latency(14) cache
}
)";

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  // A context for each input: what is parsed stays in one.
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<amos::AmosDialect>();
  context.getDiagEngine().registerHandler([](Diagnostic &) {});
  static const std::string text = machine.str();
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>(text, ParserConfig(&context));
  if (!module)
    __builtin_trap();
  llvm::StringRef change(reinterpret_cast<const char *>(data), size);
  (void)amos::changeMachine(*module, change);
  return 0;
}
