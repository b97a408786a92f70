//===- LinkLauncher.h - The launcher becomes part of an object --*- C++ -*-===//
#ifndef AMOS_TARGET_NVVM_LINKLAUNCHER_H
#define AMOS_TARGET_NVVM_LINKLAUNCHER_H

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

namespace amos {

/// Links the bitcode of Launcher.c into a host module that calls it, with
/// internal linkage. A module that does not stays as it is.
llvm::Error linkLauncher(llvm::Module &module);

} // namespace amos

#endif // AMOS_TARGET_NVVM_LINKLAUNCHER_H
