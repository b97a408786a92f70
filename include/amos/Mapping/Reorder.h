//===- Reorder.h - Sources whose dimensions change places -------*- C++ -*-===//
//
// A copy engine brings what lies side by side. Where an intrinsic wants
// neighbours that a tensor has far apart, channels of an image that lie one
// plane behind the other, the tensor is written anew in another order first.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_MAPPING_REORDER_H
#define AMOS_MAPPING_REORDER_H

#include "Amos/AmosDialect.h"
#include "amos/Mapping/MappedAccesses.h"

namespace amos {

/// A source after its dimensions changed places.
struct ReorderedSource {
  llvm::SmallVector<int64_t> order; ///< dimension of the tensor, by position
  Access access;                    ///< of the new tensor, as the mapping reads
};

/// The dimension that the contiguous coordinate of `intrinsic`'s tile steps
/// through becomes the last one, the others keep their order. Nothing when it
/// is the last one, when there is no such or more than one, or when `source`
/// is read from no memory, is strided or has unknown extents.
std::optional<ReorderedSource> reorderSource(IntrinsicOp intrinsic,
                                             const MappedAccesses &mapped,
                                             unsigned source);

/// `mapped` with the sources that are staged as `reorder` as they are then.
/// E-LAYOUT when one of them cannot be.
std::variant<MappedAccesses, Reason>
reorderSources(IntrinsicOp intrinsic, const MappedAccesses &mapped,
               const Schedule &schedule);

} // namespace amos

#endif // AMOS_MAPPING_REORDER_H
