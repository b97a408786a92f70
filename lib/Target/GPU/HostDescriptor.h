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

/// What a copy reads or writes behind a descriptor.
struct DescribedTensor {
  mlir::Value memref;
  llvm::ArrayRef<int64_t> merged; ///< neighbouring dimensions that are one
  llvm::ArrayRef<int64_t> box;    ///< elements that are moved at once
  mlir::AffineMap symbols;        ///< of the copy's tensor
};

/// Emits, where the builder stands on the host, the building of the descriptor
/// that `copy` needs for `tensor`. The result is a pointer to memory of the
/// host; a kernel receives what it points to.
mlir::Value makeHostDescriptor(mlir::OpBuilder &builder, mlir::Location loc,
                               CopyOp copy, const DescribedTensor &tensor);

} // namespace amos

#endif // AMOS_TARGET_GPU_HOSTDESCRIPTOR_H
