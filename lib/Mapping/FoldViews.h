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

/// Whether every element of `value` is zero, as far as can be seen from here.
bool isZero(mlir::Value value);

/// Lets `access`, a source of `op`, read what `value` is made from, through any
/// number of transposes, copies, slices and, where zeros add nothing, pads of
/// zeros and insertions into zeros, and returns that. Where a zero could be
/// read the access gets guards. With `allowsSpaces`, elements may be inserted
/// with a stride: a guard `-(e mod stride)` says where they are.
mlir::Value foldViews(mlir::Value value, Access &access, const Contraction &op,
                      bool allowsSpaces);

} // namespace amos

#endif // AMOS_LIB_MAPPING_FOLDVIEWS_H
