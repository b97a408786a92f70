//===- Toolkit.cpp - What is used of NVIDIA's toolkit ---------------------===//

#include "amos/Target/NVVM/Toolkit.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace amos;
using namespace llvm;

char MissingTool::ID;

static constexpr StringLiteral folderVariables[] = {"CUDA_HOME", "CUDA_PATH",
                                                    "CUDA_ROOT"};

std::string amos::findToolkitProgram(StringRef name) {
  for (StringRef variable : folderVariables) {
    auto folder = sys::Process::GetEnv(variable);
    if (!folder || folder->empty())
      continue;
    SmallString<128> path(*folder);
    sys::path::append(path, "bin", name);
    if (sys::fs::can_execute(path))
      return path.str().str();
  }
  auto found = sys::findProgramByName(name);
  return found ? *found : "";
}

std::string amos::findDeviceLibrary() {
  SmallString<128> assembler;
  if (sys::fs::real_path(findToolkitProgram("ptxas"), assembler))
    return "";
  SmallString<128> path(sys::path::parent_path(assembler));
  sys::path::append(path, "..", "nvvm", "libdevice", "libdevice.10.bc");
  sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return sys::fs::exists(path) ? path.str().str() : "";
}

//===----------------------------------------------------------------------===//
// Temporary files
//===----------------------------------------------------------------------===//

Expected<TemporaryFolder> TemporaryFolder::create() {
  SmallString<128> folder;
  if (std::error_code code =
          sys::fs::createUniqueDirectory("amosc-kernels", folder))
    return make_error<MissingTool>("cannot create a temporary folder: " +
                                   code.message());
  return TemporaryFolder(folder);
}

TemporaryFolder::~TemporaryFolder() {
  if (!path.empty())
    sys::fs::remove_directories(path);
}

Error TemporaryFolder::write(StringRef file, StringRef bytes) const {
  std::error_code code;
  raw_fd_ostream stream(getPath(file), code);
  if (!code) {
    stream << bytes;
    stream.close();
    code = stream.error();
    stream.clear_error();
  }
  if (code)
    return make_error<MissingTool>("cannot write '" + getPath(file) +
                                   "': " + code.message());
  return Error::success();
}

Expected<std::string> TemporaryFolder::read(StringRef file) const {
  auto buffer = MemoryBuffer::getFile(getPath(file));
  if (!buffer)
    return make_error<MissingTool>("cannot read '" + getPath(file) +
                                   "': " + buffer.getError().message());
  return (*buffer)->getBuffer().str();
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

static Error reportMissing(StringRef name, StringRef purpose) {
  return make_error<MissingTool>(
      "'" + name + "' is needed to " + purpose +
      ", but is neither in CUDA_HOME/bin nor on PATH; install NVIDIA's CUDA "
      "Toolkit, or ask for --emit=ptx only");
}

Expected<std::string> amos::runToolkitProgram(StringRef name,
                                              ArrayRef<std::string> arguments,
                                              StringRef purpose) {
  std::string path = findToolkitProgram(name);
  if (path.empty())
    return reportMissing(name, purpose);
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  std::string log = folder->getPath("log"), message;
  SmallVector<StringRef> words{path};
  words.append(arguments.begin(), arguments.end());
  std::optional<StringRef> redirects[] = {StringRef(""), log, log};
  int status =
      sys::ExecuteAndWait(path, words, std::nullopt, redirects, 0, 0, &message);
  auto output = folder->read("log");
  if (!output || status == 0)
    return output;
  return createStringError(
      "'" + path + "' failed to " + purpose + ": " +
      (message.empty() ? StringRef(*output).trim() : StringRef(message)));
}
