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
  bool verbose = false; ///< every remark, and the programs that are run
  /// The remarks that were asked for, by name.
  std::vector<std::string> remarks;
  /// Every warning is an error, or those of these names.
  bool allWarningsAreErrors = false;
  std::vector<std::string> warningsAsErrors;
  /// Warnings that stay warnings, and those that are not printed, by name.
  std::vector<std::string> keptWarnings;
  std::vector<std::string> silencedWarnings;

  /// Whether the remark is printed.
  bool wantsRemark(llvm::StringRef name) const;
};

/// A remark or a warning as the command line names it.
struct MessageName {
  llvm::StringRef name;
  /// One sentence, for help and documentation.
  llvm::StringRef summary;
};

/// Every remark that `-Rname` asks for.
llvm::ArrayRef<MessageName> getRemarkNames();
/// Every warning that `-Wno-name` silences.
llvm::ArrayRef<MessageName> getWarningNames();

/// Decides whether `stream` gets colours, once for the process; NO_COLOR holds
/// unless the user asked for them.
void setColor(Color color);

/// Prints "error: message" and the like to stderr, for what has no location.
void reportError(const llvm::Twine &message);
void reportWarning(const llvm::Twine &message);
void reportNote(const llvm::Twine &message);

/// The one handler behind every diagnostic of a context: prints it with its
/// source line to stderr, and knows afterwards whether there was an error.
/// A warning has a name when its message ends in "[-Wname]", a remark when it
/// ends in "[-Rname]".
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
  bool isError(mlir::DiagnosticSeverity severity, llvm::StringRef name) const;
  bool isShown(mlir::DiagnosticSeverity severity, llvm::StringRef name) const;

  DiagnosticOptions options;
  llvm::SourceMgr sources;
  mlir::SourceMgrDiagnosticHandler printer;
  mlir::ScopedDiagnosticHandler handler;
  unsigned errors = 0;
};

} // namespace amos

#endif // AMOS_DRIVER_DIAGNOSTICS_H
