//===- attribute.cpp - The dialect's attributes on damaged text -----------===//
//
// What parses must print as something that parses as the same. The rest of
// MLIR's syntax is upstream's: `array<` is where its parser dies.
//
//===----------------------------------------------------------------------===//

#include "Amos/AmosDialect.h"
#include "amos/Driver/Source.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;

static MLIRContext &getContext() {
  static MLIRContext context(MLIRContext::Threading::DISABLED);
  static bool isReady = false;
  if (!isReady) {
    context.loadDialect<amos::AmosDialect>();
    context.getDiagEngine().registerHandler([](Diagnostic &) {});
    isReady = true;
  }
  return context;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string text(reinterpret_cast<const char *>(data), size);
  llvm::StringRef seen(text);
  if (!seen.starts_with("#amos.") || seen.contains("array<"))
    return 0;
  if (llvm::Error error = amos::checkNesting(text, "input")) {
    llvm::consumeError(std::move(error));
    return 0;
  }
  Attribute attribute = parseAttribute(text, &getContext());
  if (!attribute)
    return 0;
  std::string printed;
  llvm::raw_string_ostream(printed) << attribute;
  if (parseAttribute(printed, &getContext()) == attribute)
    return 0;
  llvm::errs() << "printed as '" << printed << "'\n";
  __builtin_trap();
}
