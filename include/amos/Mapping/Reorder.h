//===- Reorder.h - Sources that are written anew first ----------*- C++ -*-===//
//
// A copy engine brings what lies side by side. Where an intrinsic wants
// neighbours that a tensor has far apart, channels of an image that lie one
// plane behind the other, or a multiple of what it has, four channels for
// three, the tensor is written anew first: in another order, with zeros around.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_MAPPING_REORDER_H
#define AMOS_MAPPING_REORDER_H

#include "Amos/AmosDialect.h"
#include "amos/Mapping/MappedAccesses.h"
#include "amos/Mapping/TileAccess.h"

namespace amos {

/// What a mapping reads of `source`, its dimensions ordered so that those which
/// the contiguous coordinate of the intrinsic's tile steps through are last,
/// the one with the smallest steps the very last; with zeros around where more
/// of that one is read than there is, and so many more in the one before it
/// that rows of both are whole accesses of the machine. Nothing when `source`
/// is read from no memory, is strided or has unknown extents, or when that
/// coordinate moves none.
std::optional<CopiedHull> reorderSource(IntrinsicOp intrinsic,
                                        const MappedAccesses &mapped,
                                        unsigned source);

/// `mapped` with the sources that are staged as `reorder` as they are then.
/// E-LAYOUT when one of them cannot be.
std::variant<MappedAccesses, Reason>
reorderSources(IntrinsicOp intrinsic, const MappedAccesses &mapped,
               const Schedule &schedule);

} // namespace amos

#endif // AMOS_MAPPING_REORDER_H
