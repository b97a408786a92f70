//===- Artifact.h - Files that are written whole or not at all --*- C++ -*-===//
#ifndef AMOS_DRIVER_ARTIFACT_H
#define AMOS_DRIVER_ARTIFACT_H

#include "amos/Driver/ExitCode.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"
#include <string>

namespace amos {

/// One file a compilation writes; "-" is the standard output.
struct Artifact {
  std::string path;
  llvm::SmallString<0> bytes;
};

/// Writes each artifact under a temporary name beside its own and renames them
/// when all are written; on an error none appears. Devices and pipes are
/// written directly.
llvm::Error writeArtifacts(llvm::ArrayRef<Artifact> artifacts);

/// Flushes the standard output of this process: `code`, but Environment after a
/// report when not all of it could be written.
ExitCode finishOutput(ExitCode code);

} // namespace amos

#endif // AMOS_DRIVER_ARTIFACT_H
