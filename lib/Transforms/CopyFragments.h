//===- CopyFragments.h - Fragments by declared copies -----------*- C++ -*-===//
//
// Private to lower-tiles.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TRANSFORMS_COPYFRAGMENTS_H
#define AMOS_TRANSFORMS_COPYFRAGMENTS_H

#include "mlir/IR/BuiltinOps.h"

namespace amos {

/// Replaces the `amos.load`s from memories of a group of units (buffers marked
/// with `amos.level`) that a copy of the machine can do instead, several of one
/// block at once where the copy brings several tiles. What replaces a tile is a
/// cast from the fragment.
void copyFragments(mlir::ModuleOp module);

} // namespace amos

#endif // AMOS_TRANSFORMS_COPYFRAGMENTS_H
