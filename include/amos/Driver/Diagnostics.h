//===- Diagnostics.h - How the driver talks to people -----------*- C++ -*-===//
#ifndef AMOS_DRIVER_DIAGNOSTICS_H
#define AMOS_DRIVER_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/SourceMgr.h"
#include <memory>

namespace amos {

enum class Color { Auto, Always, Never };

struct DiagnosticOptions {
  Color color = Color::Auto;
  bool quiet = false;   ///< no remarks and no progress; errors always
  bool verbose = false; ///< remarks of the passes, and progress
  /// Every warning is an error, or those of these names.
  bool allWarningsAreErrors = false;
  std::vector<std::string> warningsAsErrors;
};

/// Decides whether `stream` gets colours, once for the process; NO_COLOR holds
/// unless the user asked for them.
void setColor(Color color);

/// Prints "error: message" and the like to stderr, for what has no location.
void reportError(const llvm::Twine &message);
void reportWarning(const llvm::Twine &message);
void reportNote(const llvm::Twine &message);

/// The one handler behind every diagnostic of a context: prints it with its
/// source line to stderr, and knows afterwards whether there was an error.
/// A warning has a name when its message ends in "[-Wname]".
class Diagnostics {
public:
  Diagnostics(mlir::MLIRContext *context, const DiagnosticOptions &options);
  ~Diagnostics();

  /// The buffers whose lines are shown; the input is added by the parser.
  llvm::SourceMgr &getSources() { return sources; }
  bool hasErrors() const { return errors != 0; }
  const DiagnosticOptions &getOptions() const { return options; }

private:
  void handle(mlir::Diagnostic &diagnostic);
  void print(mlir::Location location, const std::string &message,
             mlir::DiagnosticSeverity severity);
  mlir::DiagnosticSeverity getSeverity(mlir::Diagnostic &diagnostic) const;

  DiagnosticOptions options;
  llvm::SourceMgr sources;
  mlir::SourceMgrDiagnosticHandler printer;
  mlir::ScopedDiagnosticHandler handler;
  unsigned errors = 0;
};

} // namespace amos

#endif // AMOS_DRIVER_DIAGNOSTICS_H
