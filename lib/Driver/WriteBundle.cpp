//===- WriteBundle.cpp - A folder written whole or not at all -------------===//

#include "amos/Driver/Artifact.h"
#include "amos/Driver/Bundle.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace amos;
using llvm::StringRef;

static ExitCode fail(StringRef path, std::error_code code) {
  reportError("cannot write '" + path + "': " + code.message());
  return ExitCode::Environment;
}

/// A bundle lies in it, as one folder or in shards, or nothing does.
static bool holdsNothingElse(StringRef folder) {
  std::error_code code;
  bool isEmpty = true;
  for (llvm::sys::fs::directory_iterator entry(folder, code), end;
       !code && entry != end; entry.increment(code)) {
    isEmpty = false;
    StringRef name = llvm::sys::path::filename(entry->path());
    if (name == "bundle.json" || name == "calibration.json" ||
        (name.starts_with("shard-") &&
         llvm::sys::fs::exists(entry->path() + "/bundle.json")))
      return true;
  }
  return isEmpty && !code;
}

bool amos::canHoldBundle(StringRef folder) {
  if (folder == "-") {
    reportError("a bundle is a folder and cannot go to the standard output");
    return false;
  }
  if (!llvm::sys::fs::exists(folder) ||
      (llvm::sys::fs::is_directory(folder) && holdsNothingElse(folder)))
    return true;
  reportError("'" + folder + "' exists and is no bundle; it is left as it is");
  return false;
}

static ExitCode writeFiles(StringRef folder, llvm::ArrayRef<BundleFile> files) {
  for (const BundleFile &file : files) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, file.path);
    if (std::error_code code = llvm::sys::fs::create_directories(
            llvm::sys::path::parent_path(path)))
      return fail(path, code);
    Artifact artifact{path.str().str(), StringRef(file.bytes)};
    if (llvm::Error error = writeArtifacts(artifact)) {
      reportError(llvm::toString(std::move(error)));
      return ExitCode::Environment;
    }
  }
  return ExitCode::Success;
}

ExitCode amos::writeBundle(StringRef folder, llvm::ArrayRef<BundleFile> files) {
  llvm::SmallString<128> fresh;
  llvm::sys::fs::createUniquePath(folder + ".%%%%%%.tmp", fresh,
                                  /*MakeAbsolute=*/false);
  ExitCode code = writeFiles(fresh, files);
  if (code == ExitCode::Success) {
    llvm::sys::fs::remove_directories(folder);
    if (std::error_code problem = llvm::sys::fs::rename(fresh, folder))
      code = fail(folder, problem);
  }
  if (code != ExitCode::Success)
    llvm::sys::fs::remove_directories(fresh);
  return code;
}
