//===- TileHandle.h - Tiles that stay in memory, and structures -*- C++ -*-===//
//
// Private to lower-tiles.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TRANSFORMS_TILEHANDLE_H
#define AMOS_TRANSFORMS_TILEHANDLE_H

#include "Amos/AmosDialect.h"
#include "amos/Transforms/Settle.h"
#include "mlir/IR/Builders.h"

namespace amos {

/// What the lowering of `intrinsic` receives for the tile that `load` reads
/// from panels in `memref`: the handle of its layout there, else the address
/// and the strides. An error when the layout does not find the tile.
mlir::FailureOr<mlir::Value> emitHandle(mlir::OpBuilder &builder, LoadOp load,
                                        IntrinsicOp intrinsic,
                                        mlir::Value memref,
                                        mlir::ValueRange coordinates);

/// The vector of the scalars of a fragment's type that is a structure of equal
/// ones, any other type itself.
mlir::Type getVectorType(mlir::Type fragment);
mlir::Value toVector(mlir::OpBuilder &builder, mlir::Location loc,
                     mlir::Value fragment);
mlir::Value fromVector(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::Value vector, mlir::Type fragment);

} // namespace amos

#endif // AMOS_TRANSFORMS_TILEHANDLE_H
