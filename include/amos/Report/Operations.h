//===- Operations.h - What was decided about each operator ------*- C++ -*-===//
#ifndef AMOS_REPORT_OPERATIONS_H
#define AMOS_REPORT_OPERATIONS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinAttributes.h"

namespace amos {

/// The attribute that `amos-record-operations` leaves on functions: one
/// dictionary for each linalg op, in program order.
///
/// * `operation`: the name of what the user wrote; `location`: "file:line:col"
/// * `extents`: of the iterations; `reduction`: how many terms one result sums
/// * `macs`: multiply-adds, 0 for an op that is no contraction
/// * `accumulator`: the coarsest float type that sums or intermediate values
/// are
///   rounded to; absent for integers and for ops that only produce results
/// * `mapping`, `schedule`, `cost`: as on the op, where it has them
/// * `epilogue`: names of what is computed where its sums are stored, if
/// anything
inline constexpr llvm::StringLiteral operationsAttributeName =
    "amos.operations";

/// Reads the dictionaries off the linalg ops of `function`.
mlir::ArrayAttr readOperations(mlir::func::FuncOp function);

} // namespace amos

#endif // AMOS_REPORT_OPERATIONS_H
