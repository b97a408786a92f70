//===- Bundle.h - Candidates compiled, to be measured elsewhere -*- C++ -*-===//
#ifndef AMOS_DRIVER_BUNDLE_H
#define AMOS_DRIVER_BUNDLE_H

#include "amos/Driver/Compiler.h"
#include "amos/Report/Bundle.h"
#include "amos/Transforms/DrawCandidates.h"
#include "amos/Tuning/Operator.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

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

/// An operation that has candidates.
struct Subject {
  mlir::linalg::LinalgOp op;
  mlir::func::FuncOp function;
  int64_t number; ///< among the operations of the function in a manifest
  TunedOperator described;
};

/// The operations of public functions of a program that has been through
/// `select-mapping` which have a mapping.
std::vector<Subject> findSubjects(mlir::ModuleOp module);

/// A candidate to be compiled.
struct ChosenCandidate {
  Subject subject;
  DrawnCandidate drawn;
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

/// Compiles candidates of the program in `compiler`, `jobs` at a time, each in
/// a process of its own. Those that cannot be compiled say why.
ExitCode compileCandidates(Compiler &compiler,
                           llvm::ArrayRef<ChosenCandidate> chosen,
                           unsigned jobs,
                           std::vector<CompiledCandidate> &compiled);

/// Makes the shared object that results of the program are compared with.
ExitCode makeReference(Compiler &compiler, std::string &library);

/// Lays out the folders of `compiled`: `bundle.json` and shared objects, under
/// `shard-N` when there are several. `sampling` says how they were chosen.
/// Usage when one does not fit the limit.
ExitCode layOutBundle(Compiler &compiler,
                      llvm::ArrayRef<CompiledCandidate> compiled,
                      const std::string &reference,
                      const BundleRequest &request, llvm::StringRef sampling,
                      std::vector<BundleFile> &files);

/// How many of `compiled` can be measured; tells of the others.
unsigned countUsable(llvm::ArrayRef<CompiledCandidate> compiled);

/// Draws candidates as `request` says, compiles them and lays them out. Input
/// when none can be compiled.
ExitCode makeBundle(Compiler &compiler, const BundleRequest &request,
                    std::vector<BundleFile> &files);

/// Whether `folder` may be replaced by a bundle: it is one, empty or not there.
/// Prints why not.
bool canHoldBundle(llvm::StringRef folder);

/// Puts `files` in the place of what is at `folder`, all or none of them.
ExitCode writeBundle(llvm::StringRef folder, llvm::ArrayRef<BundleFile> files);

} // namespace amos

#endif // AMOS_DRIVER_BUNDLE_H
