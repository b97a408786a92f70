//===- StorePanels.h - Fragments that an engine stores ----------*- C++ -*-===//
//
// Private to lower-tiles.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TRANSFORMS_STOREPANELS_H
#define AMOS_TRANSFORMS_STOREPANELS_H

#include "Amos/AmosDialect.h"
#include "mlir/IR/Builders.h"

namespace amos {

/// Emits what `store`, which goes `through` a buffer, means for `elements`, the
/// vector to be stored of the fragment that `intrinsic` places: panel by panel,
/// the unit writes the buffer as the copy reads it, and one lane hands it to
/// the engine, which goes on while the next is written.
mlir::LogicalResult storePanels(mlir::OpBuilder &builder, StoreOp store,
                                IntrinsicOp intrinsic, mlir::Value elements);

} // namespace amos

#endif // AMOS_TRANSFORMS_STOREPANELS_H
