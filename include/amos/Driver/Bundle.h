//===- Bundle.h - Candidates compiled, to be measured elsewhere -*- C++ -*-===//
#ifndef AMOS_DRIVER_BUNDLE_H
#define AMOS_DRIVER_BUNDLE_H

#include "amos/Driver/Compiler.h"
#include "amos/Report/Bundle.h"
#include "amos/Transforms/DrawCandidates.h"

namespace amos {

/// What `--emit=candidates` writes.
struct BundleRequest {
  /// Of each operation.
  size_t candidates = 16;
  Sampling sampling = Sampling::Mixed;
  /// Folders the candidates are dealt to.
  unsigned shards = 1;
  /// No folder is larger, more are made instead; 0: no limit.
  uint64_t limit = 0;
  /// Candidates compiled at the same time.
  unsigned jobs = 1;
};

/// A file of a bundle; `path` is relative to its folder.
struct BundleFile {
  std::string path;
  std::string bytes;
};

/// A candidate on its way into a bundle: what is said about it, and the object.
struct CompiledCandidate {
  BundleEntry entry;
  std::string library;
};

/// Compiles every candidate of a program that has been through
/// `select-mapping`, each in a process of its own. Those that cannot be
/// compiled say why. `candidates` stays empty when the program has none.
ExitCode compileCandidates(Compiler &compiler, const BundleRequest &request,
                           std::vector<CompiledCandidate> &candidates);

/// Compiles the candidates of `compiler`'s program and lays out the folders:
/// `bundle.json` and shared objects, under `shard-N` when there are several.
ExitCode makeBundle(Compiler &compiler, const BundleRequest &request,
                    std::vector<BundleFile> &files);

/// Whether `folder` may be replaced by a bundle: it is one, empty or not there.
/// Prints why not.
bool canHoldBundle(llvm::StringRef folder);

/// Puts `files` in the place of what is at `folder`, all or none of them.
ExitCode writeBundle(llvm::StringRef folder, llvm::ArrayRef<BundleFile> files);

} // namespace amos

#endif // AMOS_DRIVER_BUNDLE_H
