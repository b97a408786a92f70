//===- ApplyToLanes.h - Scalar code on all elements of vectors --*- C++ -*-===//
#ifndef AMOS_TRANSFORMS_APPLYTOLANES_H
#define AMOS_TRANSFORMS_APPLYTOLANES_H

#include "mlir/IR/Builders.h"

namespace amos {

/// The elements, or one on `length` lanes. Floats that are no type of LLVM's on
/// every machine go as the integers that they look like: it would round them on
/// their way, by calls of a library.
mlir::Value makeVector(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::ValueRange elements);
mlir::Value makeSplat(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value element, int64_t length);

/// Whether an element lies in memory as it does in a vector.
bool hasWholeBytes(mlir::Type type);

/// Whether `body` is code on scalars, without regions, that writes nothing.
bool canApplyToLanes(mlir::Block &body);

/// The number of a loop at every lane, a vector, or at all of them.
using GetLoopIndex = llvm::function_ref<mlir::Value(unsigned loop)>;

/// What `body`, for which `canApplyToLanes` holds, makes of `length` elements:
/// a vector for each value it yields. Each of its arguments is a vector of that
/// length or the same scalar on every lane. Ops without a form on vectors are
/// done lane by lane. `getIndex` answers `linalg.index`.
llvm::SmallVector<mlir::Value>
applyToLanes(mlir::OpBuilder &builder, mlir::Location loc, mlir::Block &body,
             mlir::ValueRange arguments, int64_t length,
             GetLoopIndex getIndex = nullptr);

} // namespace amos

#endif // AMOS_TRANSFORMS_APPLYTOLANES_H
