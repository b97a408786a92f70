//===- Run.cpp - amosc run ------------------------------------------------===//

#include "amos/Driver/Compile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace amos;
using llvm::StringRef;

/// The exit code of `amos-run`, whose codes are ours; it prints for itself.
static ExitCode execute(StringRef runner, StringRef manifest,
                        const CompileRequest &request,
                        llvm::ArrayRef<std::string> arguments) {
  llvm::SmallVector<StringRef> words{runner, manifest};
  if (request.json)
    words.push_back("--json");
  words.append(arguments.begin(), arguments.end());
  llvm::outs().flush();
  showProgram(words);
  std::string message;
  int status = llvm::sys::ExecuteAndWait(runner, words, std::nullopt, {}, 0, 0,
                                         &message);
  if (status >= 0)
    return static_cast<ExitCode>(status);
  reportError("the compiled program ended unexpectedly: " + message);
  return ExitCode::Check;
}

ExitCode amos::compileAndRun(CompileRequest request,
                             llvm::ArrayRef<std::string> arguments) {
  std::string runner = findOwnProgram("amos-run");
  if (runner.empty()) {
    reportError("'amos-run' is neither beside amosc nor on PATH");
    return ExitCode::Environment;
  }
  DelayedInterrupts interrupts;
  llvm::SmallString<128> folder;
  if (std::error_code code =
          llvm::sys::fs::createUniqueDirectory("amosc-run", folder)) {
    reportError("cannot create a temporary folder: " + code.message());
    return ExitCode::Environment;
  }
  request.outputs = {Output::SharedObject, Output::Reference, Output::Manifest};
  request.output.clear();
  request.outputFolder = folder.str().str();
  ExitCode code = compile(request);
  if (code == ExitCode::Success) {
    llvm::sys::path::append(folder, getStem(request) + ".json");
    code = execute(runner, folder, request, arguments);
  }
  llvm::sys::fs::remove_directories(request.outputFolder);
  return code;
}
