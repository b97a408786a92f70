//===- PackedTiles.h - Tiles stored in the order of their use ---*- C++ -*-===//
#ifndef AMOS_MAPPING_PACKEDTILES_H
#define AMOS_MAPPING_PACKEDTILES_H

#include "amos/Mapping/MappedAccesses.h"

namespace amos {

/// The attribute of an argument that callers pack before they call.
constexpr llvm::StringLiteral prepackedAttributeName = "amos.prepacked";

/// Whether packing `source` takes no time of a call: it is a constant of whole
/// bytes, or an argument that callers pack.
bool isPrepacked(mlir::Value source);

/// How a fragment of one lane holds operand `t`; null where it is in memory,
/// spread over lanes, or nothing is said.
mlir::AffineMap getFragmentOf(IntrinsicOp intrinsic, unsigned t);

/// The place of an element in its packed tile, symbol n being coordinate n of
/// the tile: where `fragment` holds it first, if that is linear in the
/// coordinates, so that a packed tile is one run of memory; else row-major, as
/// without a fragment.
mlir::AffineExpr getPackedPosition(mlir::AffineMap fragment,
                                   llvm::ArrayRef<int64_t> tile,
                                   mlir::MLIRContext *context);

/// A buffer of all tiles of a source, one after the other.
struct PackedLayout {
  /// The outer loops that tell the tiles apart, slowest first.
  llvm::SmallVector<int64_t> loops;
  /// Blocks of each loop, then steps of a block for each whose block has
  /// several, then elements of a tile. Blocks may be dynamic.
  llvm::SmallVector<int64_t> shape;
  mlir::AffineExpr position; ///< see getPackedPosition
};

/// The order of `schedule`'s nest, for a source whose tiles are those of
/// `access` over `mapped.outer`.
PackedLayout getPackedLayout(const MappedAccesses &mapped,
                             const Schedule &schedule, const Access &access,
                             llvm::ArrayRef<int64_t> tile,
                             mlir::AffineExpr position);

/// `source`, a constant of whole bytes, packed. `access` says where elements of
/// tiles come from, `lanes` which dimension of it each coordinate of a tile is.
mlir::DenseElementsAttr
packConstant(mlir::ElementsAttr source, const MappedAccesses &mapped,
             const Schedule &schedule, const Access &access,
             const PackedLayout &layout, llvm::ArrayRef<unsigned> lanes,
             llvm::ArrayRef<int64_t> tile);

} // namespace amos

#endif // AMOS_MAPPING_PACKEDTILES_H
