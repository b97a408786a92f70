//===- Version.cpp - What this amosc is made of and finds -----------------===//

#include "amos/Driver/Accelerators.h"
#include "amos/Driver/Compile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

using namespace amos;
using llvm::StringRef;

/// What `program --version` prints; empty when it does not run.
static std::string askVersion(StringRef program) {
  llvm::SmallString<128> file;
  if (llvm::sys::fs::createTemporaryFile("amosc-version", "txt", file))
    return {};
  std::optional<StringRef> streams[] = {StringRef(), StringRef(file),
                                        StringRef()};
  int status = llvm::sys::ExecuteAndWait(program, {program, "--version"},
                                         std::nullopt, streams);
  std::string text;
  if (auto buffer = llvm::MemoryBuffer::getFile(file); buffer && status == 0)
    text = (*buffer)->getBuffer().str();
  llvm::sys::fs::remove(file);
  return text;
}

/// "13.0.88" of "Cuda compilation tools, release 13.0, V13.0.88".
static StringRef findRelease(StringRef text) {
  StringRef release = text.split(", V").second;
  return release.empty() ? "of unknown version"
                         : release.take_until(llvm::isSpace);
}

std::string amos::describeTools(bool isDevice) {
  std::string text = "amosc " AMOS_VERSION ", LLVM " LLVM_VERSION_STRING;
  if (!isDevice)
    return text;
  auto ptxas = llvm::sys::findProgramByName("ptxas");
  std::string answer = ptxas ? askVersion(*ptxas) : "";
  return text + ", ptxas " + findRelease(answer).str();
}

std::string amos::describeVersion() {
  std::string text =
      "amosc " AMOS_VERSION " (MLIR " LLVM_VERSION_STRING ")\nCUDA tools: ";
  if (auto ptxas = llvm::sys::findProgramByName("ptxas"))
    text += ("ptxas " + findRelease(askVersion(*ptxas)) + " (" + *ptxas + ")")
                .str();
  else
    text += "none";
  std::vector<std::string> names;
  for (const AcceleratorFile &file : listAccelerators())
    names.push_back(file.name);
  return text + "\nmachines: " + llvm::join(names, ", ");
}
