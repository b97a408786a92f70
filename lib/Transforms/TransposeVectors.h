//===- TransposeVectors.h - A matrix of vectors, transposed -----*- C++ -*-===//
//
// Private to the passes that move elements through registers.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TRANSFORMS_TRANSPOSEVECTORS_H
#define AMOS_TRANSFORMS_TRANSPOSEVECTORS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace amos {

/// The rows of the transposed matrix, one after the other in as many vectors:
/// element l of vector i becomes element `l * count + i` of all. Their number
/// and length are powers of two.
llvm::SmallVector<mlir::Value>
transposeVectors(mlir::OpBuilder &builder, mlir::Location loc,
                 llvm::SmallVector<mlir::Value> vectors);

/// `length` elements from `first` on of vectors that hold one sequence, either
/// within one of them or a number of whole ones.
mlir::Value getSlice(mlir::OpBuilder &builder, mlir::Location loc,
                     llvm::ArrayRef<mlir::Value> vectors, int64_t first,
                     int64_t length);

/// Moves what the `linalg.transpose`s on buffers of `function` do in blocks of
/// vectors, where another dimension becomes the last one.
void transposeCopies(mlir::func::FuncOp function);

} // namespace amos

#endif // AMOS_TRANSFORMS_TRANSPOSEVECTORS_H
