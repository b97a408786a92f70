//===- Link.cpp - Shared objects ------------------------------------------===//

#include "amos/Driver/Link.h"
#include "amos/Driver/Artifact.h"
#include "amos/Driver/ChildProcess.h"
#include "amos/Driver/Diagnostics.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace amos;
using llvm::StringRef;

static llvm::ArrayRef<StringRef> listCompilers() {
  static const StringRef compilers[] = {"cc", "clang-22", "clang", "gcc"};
  return compilers;
}

/// A compiler knows where libm and libgomp are; a bare linker leaves them to
/// the program that loads the result. Calls within the object stay within it: a
/// function of the program may have the name of one of libc's.
static ExitCode runLinker(const std::string &object, const std::string &shared,
                          bool hasThreads) {
  std::vector<std::string> arguments{"-shared", "-Wl,-Bsymbolic", "-o",
                                     shared,    object,           "-lm"};
  if (hasThreads)
    arguments.push_back("-lgomp");
  for (StringRef compiler : listCompilers())
    if (llvm::sys::findProgramByName(compiler))
      return runProgram(compiler, arguments, "link a shared object");
  return runProgram({"ld.lld-22", "ld.lld", "ld"},
                    {"-shared", "-Bsymbolic", "-o", shared, object},
                    "link a shared object");
}

ExitCode amos::linkShared(StringRef object, bool hasThreads,
                          llvm::raw_ostream &stream) {
  llvm::SmallString<128> folder;
  if (std::error_code code =
          llvm::sys::fs::createUniqueDirectory("amosc-link", folder)) {
    reportError("cannot create a temporary folder: " + code.message());
    return ExitCode::Environment;
  }
  Artifact input{(folder + "/kernel.o").str(), object};
  std::string shared = (folder + "/kernel.so").str();
  ExitCode code = ExitCode::Environment;
  if (llvm::Error error = writeArtifacts(input))
    reportError(llvm::toString(std::move(error)));
  else
    code = runLinker(input.path, shared, hasThreads);
  if (code == ExitCode::Success) {
    if (auto buffer = llvm::MemoryBuffer::getFile(shared))
      stream << (*buffer)->getBuffer();
    else
      code = ExitCode::Environment;
  }
  if (std::error_code error = llvm::sys::fs::remove_directories(folder))
    reportNote("cannot remove '" + StringRef(folder).str() +
               "': " + error.message());
  return code;
}

/// What `compiler` prints in answer to `question`; empty if it fails.
static std::string ask(StringRef compiler, StringRef question) {
  llvm::SmallString<128> answer;
  if (llvm::sys::fs::createTemporaryFile("amosc", "txt", answer))
    return "";
  llvm::FileRemover remover(answer);
  StringRef nothing = "";
  std::optional<StringRef> streams[] = {nothing, answer.str(), nothing};
  if (llvm::sys::ExecuteAndWait(compiler, {compiler, question}, std::nullopt,
                                streams) == 0)
    if (auto buffer = llvm::MemoryBuffer::getFile(answer))
      return (*buffer)->getBuffer().trim().str();
  return "";
}

/// Asked for a library that it does not find, a compiler repeats the name.
std::string amos::findThreadRuntime() {
  for (StringRef name : listCompilers())
    if (auto compiler = llvm::sys::findProgramByName(name)) {
      std::string path = ask(*compiler, "-print-file-name=libgomp.so");
      return llvm::sys::path::is_absolute(path) ? path : "";
    }
  return "";
}
