//===- Assembly.h - What the code that was written consists of --*- C++ -*-===//
#ifndef AMOS_REPORT_ASSEMBLY_H
#define AMOS_REPORT_ASSEMBLY_H

#include "mlir/IR/BuiltinOps.h"

namespace amos {

/// Counts instructions in `assembly`, x86 in AT&T syntax as LLVM prints it, and
/// leaves an `amos.assembly` on every function of `module` that it defines: a
/// dictionary of how often each mnemonic occurs, and
///
/// * `instructions`: all of them
/// * `registers`: how many vector registers the function names
/// * `spills`: moves of a vector register to or from the stack
void recordAssembly(mlir::ModuleOp module, llvm::StringRef assembly);

} // namespace amos

#endif // AMOS_REPORT_ASSEMBLY_H
