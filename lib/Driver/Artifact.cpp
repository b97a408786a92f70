//===- Artifact.cpp - Files that are written whole or not at all ----------===//

#include "amos/Driver/Artifact.h"
#include "amos/Driver/Diagnostics.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <list>

using namespace amos;
using namespace llvm;

static Error makeError(const Artifact &artifact, std::error_code code) {
  std::string name =
      artifact.path == "-" ? "the standard output" : "'" + artifact.path + "'";
  return createStringError(code,
                           "cannot write " + name + ": " + code.message());
}

/// Writes and flushes, and hands back what the system said about it.
static std::error_code writeTo(raw_fd_ostream &stream, StringRef bytes) {
  stream << bytes;
  stream.flush();
  std::error_code code = stream.error();
  stream.clear_error();
  return code;
}

static bool isWrittenDirectly(StringRef path) {
  sys::fs::file_status status;
  return path == "-" || (!sys::fs::status(path, status) &&
                         status.type() != sys::fs::file_type::regular_file &&
                         status.type() != sys::fs::file_type::directory_file);
}

static Error writeDirectly(const Artifact &artifact) {
  std::error_code code;
  raw_fd_ostream stream(artifact.path, code);
  if (!code)
    code = writeTo(stream, artifact.bytes);
  return code ? makeError(artifact, code) : Error::success();
}

namespace {
/// The temporary files of one call, discarded unless renamed.
class Writing {
public:
  ~Writing() {
    for (auto &[artifact, file] : files)
      consumeError(file.discard());
  }
  Error write(const Artifact &artifact);
  Error rename();

private:
  std::list<std::pair<const Artifact *, sys::fs::TempFile>> files;
};
} // namespace

Error Writing::write(const Artifact &artifact) {
  if (sys::fs::is_directory(artifact.path))
    return makeError(artifact, std::make_error_code(std::errc::is_a_directory));
  auto file = sys::fs::TempFile::create(artifact.path + ".%%%%%%.tmp");
  if (!file)
    return makeError(artifact, errorToErrorCode(file.takeError()));
  files.emplace_back(&artifact, std::move(*file));
  raw_fd_ostream stream(files.back().second.FD, /*shouldClose=*/false);
  if (std::error_code code = writeTo(stream, artifact.bytes))
    return makeError(artifact, code);
  return Error::success();
}

Error Writing::rename() {
  while (!files.empty()) {
    auto &[artifact, file] = files.front();
    if (Error error = file.keep(artifact->path))
      return makeError(*artifact, errorToErrorCode(std::move(error)));
    files.pop_front();
  }
  return Error::success();
}

Error amos::writeArtifacts(ArrayRef<Artifact> artifacts) {
  Writing writing;
  for (const Artifact &artifact : artifacts)
    if (!isWrittenDirectly(artifact.path))
      if (Error error = writing.write(artifact))
        return error;
  for (const Artifact &artifact : artifacts)
    if (isWrittenDirectly(artifact.path))
      if (Error error = writeDirectly(artifact))
        return error;
  return writing.rename();
}

ExitCode amos::finishOutput(ExitCode code) {
  outs().flush();
  std::error_code problem = outs().error();
  outs().clear_error();
  if (!problem)
    return code;
  reportError("cannot write the standard output: " + problem.message());
  return ExitCode::Environment;
}
