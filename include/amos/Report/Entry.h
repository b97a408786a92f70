//===- Entry.h - The functions a module exports to C ------------*- C++ -*-===//
#ifndef AMOS_REPORT_ENTRY_H
#define AMOS_REPORT_ENTRY_H

#include "amos/Report/Signature.h"
#include "mlir/IR/BuiltinOps.h"

namespace amos {

/// A compiled function as C programs know it.
struct Entry {
  mlir::Operation *function;
  /// Its code for each machine, in the order in which they are tried;
  /// `function` is the first.
  llvm::SmallVector<mlir::Operation *, 1> variants;
  std::string name;   ///< in the source
  std::string symbol; ///< in the object: prefix and name
  Signature signature;

  /// "NAME_pack_ARG", "NAME_packed_size_ARG": the functions of a parameter
  /// that is packed beforehand.
  std::string getPacker(const Parameter &parameter) const {
    return symbol + "_pack_" + parameter.name;
  }
  std::string getPackedSize(const Parameter &parameter) const {
    return symbol + "_packed_size_" + parameter.name;
  }
};

/// Every function of `module` with an `amos.signature`, in order. `prefix` is
/// that of the exported symbols. Works before and after `amos-add-entries`.
mlir::FailureOr<llvm::SmallVector<Entry>> readEntries(mlir::ModuleOp module,
                                                      llvm::StringRef prefix);

/// Where `amos-add-entries` keeps the name of a kernel's C function.
inline constexpr llvm::StringLiteral entryAttributeName = "amos.entry";
/// On the code for one of several machines: the name of the function in the
/// source, and the names of the machines that it was compiled for.
inline constexpr llvm::StringLiteral variantAttributeName = "amos.variant_of";
inline constexpr llvm::StringLiteral machinesAttributeName = "amos.machines";
/// On a function: how many threads share its loops, 0 for as many as OpenMP's
/// runtime says. One where it is missing.
inline constexpr llvm::StringLiteral threadsAttributeName = "amos.threads";
/// Whether what a lowered program calls is in an OpenMP runtime.
bool usesThreads(mlir::ModuleOp module);

/// The name in the source of a function that is exported.
llvm::StringRef getSourceName(mlir::Operation *function);

} // namespace amos

#endif // AMOS_REPORT_ENTRY_H
