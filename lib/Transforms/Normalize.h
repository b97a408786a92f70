//===- Normalize.h - The parts of amos-normalize ----------------*- C++ -*-===//
#ifndef AMOS_LIB_TRANSFORMS_NORMALIZE_H
#define AMOS_LIB_TRANSFORMS_NORMALIZE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/BuiltinOps.h"

namespace amos {

/// Inlines calls of private functions of one block into all others and erases
/// those that nobody uses any more. Recursion stays.
void inlineCalls(mlir::ModuleOp module);

bool hasTosa(mlir::func::FuncOp function);

/// Turns what TOSA ops upstream has conversions for into linalg, tensor, arith
/// and scf; a remark for each of the others.
void convertTosa(mlir::func::FuncOp function);

/// Takes zero points that are known out of `acc + (a - za) * (b - zb)`.
void splitZeroPoints(mlir::linalg::GenericOp op);

/// Notes in the locations of all TOSA ops what they are called, so that it
/// survives their conversion.
void noteNames(mlir::func::FuncOp function);
/// What `noteNames` wrote, or nothing.
mlir::StringAttr getNotedName(mlir::Location location);
/// Takes the notes away again.
void dropNames(mlir::func::FuncOp function);

} // namespace amos

#endif // AMOS_LIB_TRANSFORMS_NORMALIZE_H
