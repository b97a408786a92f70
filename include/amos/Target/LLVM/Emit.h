//===- Emit.h - LLVM IR, assembly and objects for CPUs ----------*- C++ -*-===//
#ifndef AMOS_TARGET_LLVM_EMIT_H
#define AMOS_TARGET_LLVM_EMIT_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace amos {

enum class EmitKind { LLVM, Assembly, Object };

struct CpuOptions {
  std::string triple;         ///< empty: this machine's
  std::string cpu = "x86-64"; ///< what may be assumed beside the features
  unsigned optLevel = 3;      ///< of LLVM, 0 to 3
  bool widensLoops = true;    ///< unrolls and vectorizes them
  /// Keep which line of which file each instruction comes from.
  bool hasLocations = false;
};

/// A module of the LLVM dialect in LLVM IR, optimized for a processor: what
/// every kind of file is made from. Each function is compiled for the features
/// its `amos.features` lists.
///
/// LLVM ends the process on some inputs (an intrinsic its features do not
/// allow): use it where that can be contained.
class NativeModule {
public:
  static llvm::Expected<NativeModule> create(mlir::ModuleOp module,
                                             const CpuOptions &options);
  /// Writes it to `stream`. With locations, which `create` must have been asked
  /// for, it says of each instruction which line of which file it comes from.
  llvm::Error emit(EmitKind kind, bool hasLocations,
                   llvm::raw_pwrite_stream &stream) const;

private:
  NativeModule(const CpuOptions &options) : options(options) {}

  CpuOptions options;
  llvm::SmallString<0> bitcode; ///< each file is made from a copy
};

/// Makes a NativeModule of `module` and writes it to `stream`.
llvm::Error emitModule(mlir::ModuleOp module, EmitKind kind,
                       const CpuOptions &options,
                       llvm::raw_pwrite_stream &stream);

} // namespace amos

#endif // AMOS_TARGET_LLVM_EMIT_H
