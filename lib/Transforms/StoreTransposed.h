//===- StoreTransposed.h - Fragments as rows of memory ----------*- C++ -*-===//
//
// Private to lower-tiles.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TRANSFORMS_STORETRANSPOSED_H
#define AMOS_TRANSFORMS_STORETRANSPOSED_H

#include "mlir/IR/BuiltinOps.h"

namespace amos {

/// Replaces `amos.store`s of one block whose fragments lie side by side element
/// by element, as pixels of an image do whose channels are the lanes, by stores
/// of the transposed fragments. The lowering of an intrinsic issued by several
/// lanes is left alone.
void storeTransposed(mlir::ModuleOp module);

} // namespace amos

#endif // AMOS_TRANSFORMS_STORETRANSPOSED_H
