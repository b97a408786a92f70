//===- KeepIntrinsics.h - What --intrinsic leaves of the machines -*- C++
//-*-===//
//
// Private to the driver.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_KEEPINTRINSICS_H
#define AMOS_DRIVER_KEEPINTRINSICS_H

#include "amos/Driver/ExitCode.h"
#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace amos {

/// Erases every intrinsic of `module` that `globs` do not keep: the last one
/// that matches a name decides, and forbids it after a `!`. Usage, with a
/// suggestion, when a glob is malformed or matches no intrinsic.
ExitCode keepIntrinsics(mlir::ModuleOp module,
                        llvm::ArrayRef<std::string> globs);

} // namespace amos

#endif // AMOS_DRIVER_KEEPINTRINSICS_H
