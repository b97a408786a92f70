//===- Diagnostics.cpp - How the driver talks to people -------------------===//

#include "amos/Driver/Diagnostics.h"
#include "llvm/Support/WithColor.h"
#include <cstdlib>

using namespace amos;
using mlir::Diagnostic;
using mlir::DiagnosticSeverity;

static Color chosenColor = Color::Auto;

static bool wantsColor(const llvm::raw_ostream &stream) {
  if (chosenColor == Color::Auto)
    return !std::getenv("NO_COLOR") && stream.has_colors();
  return chosenColor == Color::Always;
}

void amos::setColor(Color color) {
  chosenColor = color;
  llvm::WithColor::setAutoDetectFunction(wantsColor);
  llvm::errs().enable_colors(color != Color::Never);
  llvm::outs().enable_colors(color != Color::Never);
}

void amos::reportError(const llvm::Twine &message) {
  llvm::WithColor::error() << message << '\n';
}

void amos::reportWarning(const llvm::Twine &message) {
  llvm::WithColor::warning() << message << '\n';
}

void amos::reportNote(const llvm::Twine &message) {
  llvm::WithColor::note() << message << '\n';
}

Diagnostics::Diagnostics(mlir::MLIRContext *context,
                         const DiagnosticOptions &options)
    : options(options), printer(sources, context, llvm::errs()),
      handler(context, [this](Diagnostic &diagnostic) { handle(diagnostic); }) {
}

Diagnostics::~Diagnostics() = default;

/// "fallback" for a message that ends in "[-Wfallback]", else nothing.
static llvm::StringRef getWarningName(llvm::StringRef message) {
  size_t start = message.rfind("[-W");
  if (start == llvm::StringRef::npos || !message.consume_back("]"))
    return {};
  return message.drop_front(start + 3);
}

DiagnosticSeverity Diagnostics::getSeverity(Diagnostic &diagnostic) const {
  if (diagnostic.getSeverity() != DiagnosticSeverity::Warning)
    return diagnostic.getSeverity();
  std::string message = diagnostic.str();
  bool isError =
      options.allWarningsAreErrors ||
      llvm::is_contained(options.warningsAsErrors, getWarningName(message));
  return isError ? DiagnosticSeverity::Error : DiagnosticSeverity::Warning;
}

void Diagnostics::print(mlir::Location location, const std::string &message,
                        DiagnosticSeverity severity) {
  if (!mlir::isa<mlir::UnknownLoc>(location))
    return printer.emitDiagnostic(location, message, severity);
  switch (severity) {
  case DiagnosticSeverity::Error:
    return reportError(message);
  case DiagnosticSeverity::Warning:
    return reportWarning(message);
  default:
    return reportNote(message);
  }
}

void Diagnostics::handle(Diagnostic &diagnostic) {
  DiagnosticSeverity severity = getSeverity(diagnostic);
  errors += severity == DiagnosticSeverity::Error;
  if (severity == DiagnosticSeverity::Remark &&
      (options.quiet || !options.verbose))
    return;
  print(diagnostic.getLocation(), diagnostic.str(), severity);
  for (Diagnostic &note : diagnostic.getNotes())
    print(note.getLocation(), note.str(), note.getSeverity());
}
