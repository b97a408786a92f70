//===- Header.h - The C header of an object ---------------------*- C++ -*-===//
#ifndef AMOS_REPORT_HEADER_H
#define AMOS_REPORT_HEADER_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace amos {

/// Declares the C functions of every function with an `amos.signature`, for C99
/// and C++. Fails with a diagnostic on a malformed signature.
mlir::LogicalResult emitHeader(mlir::ModuleOp module, llvm::StringRef prefix,
                               llvm::raw_ostream &out);

} // namespace amos

#endif // AMOS_REPORT_HEADER_H
