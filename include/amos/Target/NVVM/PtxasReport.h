//===- PtxasReport.h - What the assembler says of kernels -------*- C++ -*-===//
#ifndef AMOS_TARGET_NVVM_PTXASREPORT_H
#define AMOS_TARGET_NVVM_PTXASREPORT_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>

namespace amos {

/// One kernel in the report of `ptxas -v`. Sizes are in bytes.
struct KernelReport {
  std::string kernel;
  int64_t registers = 0; ///< of a thread, 4 bytes each
  int64_t barriers = 0;
  int64_t stack = 0; ///< of a thread
  int64_t spillStores = 0;
  int64_t spillLoads = 0;
  int64_t shared = 0; ///< statically allocated
  int64_t constants = 0;
};

struct PtxasReport {
  llvm::SmallVector<KernelReport> kernels;
  /// Its remarks that cost speed, one line each: matrix instructions that are
  /// serialized or waited for (C7510, C7514, C7517, C7519), a register budget
  /// that is ignored (C7508).
  llvm::SmallVector<std::string> warnings;
};

/// Reads what `ptxas -v` printed; lines it does not know are passed over.
PtxasReport parsePtxasReport(llvm::StringRef text);

} // namespace amos

#endif // AMOS_TARGET_NVVM_PTXASREPORT_H
