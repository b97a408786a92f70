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

namespace {
/// The standard error; what LLVM writes in black, which a dark terminal does
/// not show, is cyan.
class Messages : public llvm::raw_ostream {
public:
  Messages() : raw_ostream(/*unbuffered=*/true) {}
  raw_ostream &changeColor(enum Colors color, bool bold, bool bg) override {
    llvm::errs().changeColor(color == BLACK ? CYAN : color, bold, bg);
    return *this;
  }
  raw_ostream &resetColor() override {
    llvm::errs().resetColor();
    return *this;
  }
  raw_ostream &reverseColor() override {
    llvm::errs().reverseColor();
    return *this;
  }
  bool is_displayed() const override { return llvm::errs().is_displayed(); }
  bool has_colors() const override { return llvm::errs().has_colors(); }

private:
  void write_impl(const char *text, size_t size) override {
    llvm::errs().write(text, size);
  }
  uint64_t current_pos() const override { return llvm::errs().tell(); }
};
} // namespace

static llvm::raw_ostream &getMessages() {
  static Messages messages;
  return messages;
}

void amos::reportError(const llvm::Twine &message) {
  llvm::WithColor::error() << message << '\n';
}

void amos::reportWarning(const llvm::Twine &message) {
  llvm::WithColor::warning() << message << '\n';
}

void amos::reportNote(const llvm::Twine &message) {
  llvm::WithColor::note(getMessages()) << message << '\n';
}

llvm::ArrayRef<MessageName> amos::getRemarkNames() {
  static const MessageName names[] = {
      {"map", "the chosen mapping of each contraction"},
      {"map-missed", "why faster intrinsics were refused or passed over"},
      {"cost", "what the model predicts, and what no schedule can beat"},
      {"known", "the measured choice of each contraction, with -O3"},
  };
  return names;
}

llvm::ArrayRef<MessageName> amos::getWarningNames() {
  static const MessageName names[] = {
      {"fallback", "a contraction misses the best class of intrinsic"},
      {"stale", "what was measured does not count any more"},
      {"untuned", "an operation cannot be tuned"},
      {"absent-intrinsic",
       "a contraction was mapped, but its code has no such instruction"},
      {"ptxas", "the assembler of kernels spills registers, or serializes "
                "matrix instructions"},
  };
  return names;
}

Diagnostics::Diagnostics(mlir::MLIRContext *context,
                         const DiagnosticOptions &options)
    : options(options), printer(sources, context, getMessages()),
      handler(context, [this](Diagnostic &diagnostic) { handle(diagnostic); }) {
}

Diagnostics::~Diagnostics() = default;

/// "fallback" for a message that ends in "[-Wfallback]", else nothing.
static llvm::StringRef getName(llvm::StringRef message) {
  size_t start = message.rfind("[-");
  if (start == llvm::StringRef::npos || !message.consume_back("]"))
    return {};
  return message.drop_front(start + 3);
}

bool DiagnosticOptions::wantsRemark(llvm::StringRef name) const {
  return !quiet && (verbose || llvm::is_contained(remarks, name));
}

/// Whether it is an error, or a warning that the user made one.
bool Diagnostics::isError(DiagnosticSeverity severity,
                          llvm::StringRef name) const {
  if (severity != DiagnosticSeverity::Warning)
    return severity == DiagnosticSeverity::Error;
  if (llvm::is_contained(options.warningsAsErrors, name))
    return true;
  return options.allWarningsAreErrors &&
         !llvm::is_contained(options.keptWarnings, name);
}

bool Diagnostics::isShown(DiagnosticSeverity severity,
                          llvm::StringRef name) const {
  if (severity == DiagnosticSeverity::Remark)
    return options.wantsRemark(name);
  return severity != DiagnosticSeverity::Warning ||
         !llvm::is_contained(options.silencedWarnings, name);
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
  case DiagnosticSeverity::Remark:
    llvm::WithColor::remark() << message << '\n';
    return;
  default:
    return reportNote(message);
  }
}

void Diagnostics::handle(Diagnostic &diagnostic) {
  DiagnosticSeverity severity = diagnostic.getSeverity();
  std::string message = diagnostic.str();
  llvm::StringRef name = getName(message);
  if (!isShown(severity, name))
    return;
  if (isError(severity, name)) {
    ++errors;
    if (severity == DiagnosticSeverity::Warning && !name.empty())
      message.insert(message.rfind("-W"), "-Werror,");
    severity = DiagnosticSeverity::Error;
  }
  print(diagnostic.getLocation(), message, severity);
  for (Diagnostic &note : diagnostic.getNotes())
    print(note.getLocation(), note.str(), note.getSeverity());
}
