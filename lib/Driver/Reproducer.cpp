//===- Reproducer.cpp - What a crash leaves behind ------------------------===//

#include "amos/Driver/Reproducer.h"
#include "amos/Driver/Artifact.h"
#include "amos/Driver/Compile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace amos;
using llvm::StringRef;

/// The words of the command line.
static std::vector<std::string> &getInvocation() {
  static std::vector<std::string> words;
  return words;
}

void amos::rememberInvocation(int argc, char **argv) {
  getInvocation().assign(argv, argv + argc);
}

std::string amos::findOwnProgram(StringRef name) {
  static int anchor;
  std::string self = llvm::sys::fs::getMainExecutable(
      getInvocation().front().c_str(), &anchor);
  llvm::SmallString<128> beside(llvm::sys::path::parent_path(self));
  llvm::sys::path::append(beside, name);
  if (llvm::sys::fs::can_execute(beside))
    return beside.str().str();
  auto found = llvm::sys::findProgramByName(name);
  return found ? *found : std::string();
}

static Artifact makeCommand(StringRef folder) {
  Artifact command{(folder + "/command").str(), {}};
  llvm::raw_svector_ostream stream(command.bytes);
  llvm::ListSeparator space(" ");
  for (const std::string &word : getInvocation()) {
    stream << space;
    llvm::sys::printArg(stream, word, /*Quote=*/false);
  }
  stream << '\n';
  return command;
}

static std::string writeReproducer(const CompilerOptions &options) {
  llvm::SmallString<128> folder;
  if (llvm::sys::fs::createUniqueDirectory("amosc-crash", folder))
    return {};
  Artifact input{(folder + "/input.mlir").str(), {}};
  if (options.input == "-")
    input.bytes = options.standardInput;
  else if (auto buffer = llvm::MemoryBuffer::getFile(options.input))
    input.bytes = (*buffer)->getBuffer();
  llvm::consumeError(writeArtifacts({input, makeCommand(folder)}));
  return folder.str().str();
}

ExitCode amos::runReproducibly(const CompilerOptions &options,
                               llvm::function_ref<ExitCode(Progress &)> work) {
  return runInChild(work, [&](const Progress &progress, StringRef death) {
    reportError("amosc failed in stage '" + StringRef(progress.stage) +
                "': " + death);
    std::string folder = writeReproducer(options);
    if (!folder.empty())
      reportNote("please report this with the input and the command in '" +
                 folder + "'");
  });
}
