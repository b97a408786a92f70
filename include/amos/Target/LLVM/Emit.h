//===- Emit.h - LLVM IR, assembly and objects for CPUs ----------*- C++ -*-===//
#ifndef AMOS_TARGET_LLVM_EMIT_H
#define AMOS_TARGET_LLVM_EMIT_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace amos {

enum class EmitKind { LLVM, Assembly, Object };

struct CpuOptions {
  std::string triple;         ///< empty: this machine's
  std::string cpu = "x86-64"; ///< what may be assumed beside the features
  unsigned optLevel = 3;      ///< of LLVM, 0 to 3
  bool unrollsLoops = true;
  /// Say of each instruction which line of which file it comes from.
  bool hasLocations = false;
};

/// Translates a module of the LLVM dialect and writes it to `stream`. Each
/// function is compiled for the features its `amos.features` lists.
///
/// LLVM ends the process on some inputs (an intrinsic its features do not
/// allow): call it where that can be contained.
llvm::Error emitModule(mlir::ModuleOp module, EmitKind kind,
                       const CpuOptions &options,
                       llvm::raw_pwrite_stream &stream);

} // namespace amos

#endif // AMOS_TARGET_LLVM_EMIT_H
