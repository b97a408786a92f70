//===- Manifest.h - What was compiled, as JSON ------------------*- C++ -*-===//
#ifndef AMOS_REPORT_MANIFEST_H
#define AMOS_REPORT_MANIFEST_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

namespace amos {

/// A file of the build. `kind` is one of `object`, `header`, `library` (a
/// shared object), `reference` (a shared object too), `assembly`, `ir`; `file`
/// is absolute or relative to the manifest.
struct ManifestFile {
  std::string kind;
  std::string file;
};

/// What a manifest says beyond the module.
struct ManifestOptions {
  std::string producer; ///< "amosc 0.1.0"
  std::string prefix;   ///< of the exported symbols
  llvm::SmallVector<std::string> targets;
  llvm::SmallVector<ManifestFile> artifacts;
};

/// Version of the schema that docs/Manifest.md describes.
inline constexpr int64_t manifestVersion = 1;

/// Describes every function with an `amos.signature`, from that and from
/// `amos.operations`, `amos.workspace`, `amos.features` and `amos.assembly`.
/// Fails with a diagnostic on a malformed signature.
mlir::LogicalResult emitManifest(mlir::ModuleOp module,
                                 const ManifestOptions &options,
                                 llvm::raw_ostream &out);

} // namespace amos

#endif // AMOS_REPORT_MANIFEST_H
