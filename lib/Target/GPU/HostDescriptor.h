//===- HostDescriptor.h - What the host tells a copy engine -----*- C++ -*-===//
//
// Private to the passes that launch nests.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TARGET_GPU_HOSTDESCRIPTOR_H
#define AMOS_TARGET_GPU_HOSTDESCRIPTOR_H

#include "Amos/AmosDialect.h"
#include "mlir/IR/Builders.h"

namespace amos {

/// Emits, where the builder stands on the host, the building of the descriptor
/// that `copy` needs for the source of `stage`. The result is a pointer to
/// memory of the host; a kernel receives what it points to.
mlir::Value makeHostDescriptor(mlir::OpBuilder &builder, StageOp stage,
                               CopyOp copy);

} // namespace amos

#endif // AMOS_TARGET_GPU_HOSTDESCRIPTOR_H
