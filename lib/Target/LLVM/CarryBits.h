//===- CarryBits.h - bf16 values that are only moved ------------*- C++ -*-===//
#ifndef AMOS_TARGET_LLVM_CARRYBITS_H
#define AMOS_TARGET_LLVM_CARRYBITS_H

#include "llvm/IR/Module.h"

namespace amos {

/// Lets phis and selects of bf16 carry the bits as an integer. On a processor
/// without bf16, LLVM widens them to float and rounds back by a run-time
/// function that older libgcc lack. Run it after the optimizer, which would
/// undo it.
void carryBf16AsBits(llvm::Module &module);

} // namespace amos

#endif // AMOS_TARGET_LLVM_CARRYBITS_H
