//===- HostConversions.h - To the LLVM dialect of a processor ---*- C++ -*-===//
//
// Private to the target.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TARGET_LLVM_HOSTCONVERSIONS_H
#define AMOS_TARGET_LLVM_HOSTCONVERSIONS_H

#include "mlir/Pass/PassManager.h"

namespace amos {

/// Makes functions over bare pointers of functions with buffers and loops; what
/// is left is in the LLVM dialect.
void addHostConversions(mlir::OpPassManager &passes);

} // namespace amos

#endif // AMOS_TARGET_LLVM_HOSTCONVERSIONS_H
