//===- RecordLaunch.h - What the manifest says of launches ------*- C++ -*-===//
#ifndef AMOS_LIB_TARGET_NVVM_RECORDLAUNCH_H
#define AMOS_LIB_TARGET_NVVM_RECORDLAUNCH_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace amos {

/// The `amos.launches` of `function`, read before its launches are lowered.
/// Fails with a diagnostic when a launch's dynamic shared memory is not
/// constant.
mlir::FailureOr<mlir::ArrayAttr> recordLaunches(mlir::func::FuncOp function);

} // namespace amos

#endif // AMOS_LIB_TARGET_NVVM_RECORDLAUNCH_H
