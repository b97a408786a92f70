//===- Link.cpp - Shared objects ------------------------------------------===//

#include "amos/Driver/Link.h"
#include "amos/Driver/Artifact.h"
#include "amos/Driver/ChildProcess.h"
#include "amos/Driver/Diagnostics.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

using namespace amos;
using llvm::StringRef;

/// A compiler knows where libm is; a bare linker leaves it to the program that
/// loads the result. Calls within the object stay within it: a function of the
/// program may have the name of one of libc's.
static ExitCode runLinker(const std::string &object,
                          const std::string &shared) {
  llvm::SmallVector<StringRef> compilers{"cc", "clang-22", "clang", "gcc"};
  for (StringRef compiler : compilers)
    if (llvm::sys::findProgramByName(compiler))
      return runProgram(
          compiler, {"-shared", "-Wl,-Bsymbolic", "-o", shared, object, "-lm"},
          "link a shared object");
  return runProgram({"ld.lld-22", "ld.lld", "ld"},
                    {"-shared", "-Bsymbolic", "-o", shared, object},
                    "link a shared object");
}

ExitCode amos::linkShared(StringRef object, llvm::raw_ostream &stream) {
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
    code = runLinker(input.path, shared);
  if (code == ExitCode::Success) {
    if (auto buffer = llvm::MemoryBuffer::getFile(shared))
      stream << (*buffer)->getBuffer();
    else
      code = ExitCode::Environment;
  }
  llvm::sys::fs::remove_directories(folder);
  return code;
}
