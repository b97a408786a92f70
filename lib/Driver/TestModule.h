//===- TestModule.h - An intrinsic as two functions -------------*- C++ -*-===//
//
// Private to the driver.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_TESTMODULE_H
#define AMOS_DRIVER_TESTMODULE_H

#include "Amos/AmosDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace amos {

/// A module of the LLVM dialect with two functions over an array of pointers,
/// one for each operand: `lowered` reads the values the lowering takes and
/// replaces the last one, `meant` applies the semantics to dense row-major
/// tiles. Null after a report.
mlir::OwningOpRef<mlir::ModuleOp> buildTestModule(IntrinsicOp intrinsic);

/// Reads or writes a value of a lowering at `pointer`, where its elements lie
/// one behind the other.
mlir::Value loadValue(mlir::OpBuilder &builder, mlir::Location location,
                      mlir::Type type, mlir::Value pointer);
void storeValue(mlir::OpBuilder &builder, mlir::Location location,
                mlir::Value value, mlir::Value pointer);

/// Lets `function` be compiled for the features of `machine`.
void setFeatures(mlir::Operation *function, AcceleratorOp machine);

/// Brings functions over linalg, loops and vectors to the LLVM dialect.
mlir::LogicalResult lowerTestModule(mlir::ModuleOp module);

} // namespace amos

#endif // AMOS_DRIVER_TESTMODULE_H
