//===- TestModule.h - An intrinsic as two functions -------------*- C++ -*-===//
//
// Private to the driver.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_TESTMODULE_H
#define AMOS_DRIVER_TESTMODULE_H

#include "Amos/AmosDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace amos {

/// A module of the LLVM dialect with two functions over an array of pointers,
/// one for each operand: `lowered` reads the values the lowering takes and
/// replaces the last one, `meant` applies the semantics to dense row-major
/// tiles. Null after a report.
mlir::OwningOpRef<mlir::ModuleOp> buildTestModule(IntrinsicOp intrinsic);

} // namespace amos

#endif // AMOS_DRIVER_TESTMODULE_H
