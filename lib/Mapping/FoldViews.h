//===- FoldViews.h - Read what a tensor is made from ------------*- C++ -*-===//
#ifndef AMOS_LIB_MAPPING_FOLDVIEWS_H
#define AMOS_LIB_MAPPING_FOLDVIEWS_H

#include "amos/Mapping/Contraction.h"

namespace amos {

/// The scalar of a `linalg.fill`, the input of a linalg op that only moves
/// elements (transposes, broadcasts, copies), else a null value.
mlir::Value getMoved(mlir::Value value);

/// The tensor whose elements `value` has, through any number of transposes,
/// broadcasts and copies: element x is element `map(x)` of it.
struct MovedTensor {
  mlir::Value source;
  mlir::AffineMap map;
};
MovedTensor getMovedTensor(mlir::Value value);

/// Lets `access`, a source of `op`, read what `value` is made from, through any
/// number of transposes, copies, slices and, where zeros add nothing, pads of
/// zeros, and returns that. Where a pad could be read the access gets guards.
mlir::Value foldViews(mlir::Value value, Access &access, const Contraction &op);

} // namespace amos

#endif // AMOS_LIB_MAPPING_FOLDVIEWS_H
