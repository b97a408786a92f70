//===- TileAccess.h - How the elements of a tile lie in memory --*- C++ -*-===//
#ifndef AMOS_MAPPING_TILEACCESS_H
#define AMOS_MAPPING_TILEACCESS_H

#include "amos/Mapping/Contraction.h"
#include <map>
#include <optional>
#include <vector>

namespace amos {

/// What one read of a tile is.
enum class TileForm {
  Contiguous, ///< one run of memory, in the order the fragment wants
  Splat,      ///< one run as long as a machine word or element, repeated
  Segments,   ///< several runs of equal length, or one, in another order
  Gather,     ///< element by element
};

struct TileAccess {
  TileForm form = TileForm::Gather;
  int64_t run = 1;  ///< elements side by side
  int64_t runs = 1; ///< how many such, each counted once
  /// Per element of the fragment, elements from the first one; empty when they
  /// depend on the outer loops.
  llvm::SmallVector<int64_t> offsets;
};

/// The dimension of a mapped access, outer loops followed by lanes, that each
/// coordinate of operand `t`'s tile stands for.
llvm::SmallVector<unsigned> getCoordinateDims(const Contraction &intrinsic,
                                              unsigned t, unsigned numOuter);

/// The same function with constants pulled out of divisions where they can be:
/// `(8 * x + 3) mod 16` is `(8 * x) mod 16 + 3`.
mlir::AffineExpr pullConstants(mlir::AffineExpr expr);

/// The row-major order of a tile of these extents, as a fragment of one lane.
mlir::AffineMap getRowMajorFragment(mlir::MLIRContext *context,
                                    llvm::ArrayRef<int64_t> shape);

/// The element number `access` reads, over outer loops and lanes; nothing when
/// an extent that strides depend on is dynamic. A stride that only callers know
/// is assumed to keep runs of the other dimensions apart.
std::optional<mlir::AffineExpr> linearizeAccess(const Access &access);

/// Where the `elements` elements of a fragment `(e) -> coordinates` (or the
/// first lane of `(lane, e) -> coordinates`) lie. `access` is over `numOuter`
/// outer loops followed by lanes.
TileAccess classifyTile(const Access &access, mlir::AffineMap fragment,
                        int64_t elements, llvm::ArrayRef<unsigned> dims,
                        unsigned numOuter);

/// Remembers how tiles lie: share one over the candidates of an operator, whose
/// tiles are the same again and again.
class TileMemory {
public:
  /// What `classifyTile` says.
  const TileAccess &classify(const Access &access, mlir::AffineMap fragment,
                             int64_t elements, llvm::ArrayRef<unsigned> dims,
                             unsigned numOuter);

private:
  std::map<std::vector<int64_t>, TileAccess> known;
};

/// The buffer that staging by `copy` makes: the hull of what an access reads,
/// first the dimensions that only outer loops move, last the one that changes
/// from lane to lane.
struct CopiedHull {
  /// Dimension d of the buffer is dimension `order[d]` of the tensor, and its
  /// element 0 is element `lower[d]` there (outside: zero).
  llvm::SmallVector<unsigned> order;
  llvm::SmallVector<int64_t> lower;
  /// The same elements read from the buffer. Guards that the zeros around the
  /// copy stand for are gone.
  Access access;
};

/// All of a dimension whose extent is not known. Nothing when no bound of an
/// index can be told. `extents` are those of the outer loops, then of the
/// lanes.
std::optional<CopiedHull> copyHull(const Access &access,
                                   llvm::ArrayRef<int64_t> extents,
                                   unsigned numOuter);

} // namespace amos

#endif // AMOS_MAPPING_TILEACCESS_H
