//===- CopyPanels.h - What panels ask of a copy -----------------*- C++ -*-===//
//
// What sources that are brought and results that are stored have in common:
// panels on one side, a tensor behind a descriptor on the other.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_LIB_MAPPING_COPYPANELS_H
#define AMOS_LIB_MAPPING_COPYPANELS_H

#include "amos/Mapping/StageCopy.h"

namespace amos {

/// Whether panels, rows one after the other, are what `writer` writes and
/// `reader` undoes.
bool arePanels(LayoutOp writer, LayoutOp reader, const Panels &panels,
               int64_t elementBytes);

/// Whether bytes that every dimension but the last of a dense tensor moves are
/// multiples of `align`.
bool hasAlignedRows(const Access &access, llvm::ArrayRef<unsigned> merged,
                    int64_t align, int64_t elementBytes);

/// The tile of a copy over the panels' row and column.
FragmentRead getPanelRead(const Contraction &op, const MappedAccesses &mapped,
                          const Panels &panels);

/// Whether a box of so many rows reaches over no more of any dimension of the
/// tensor, which `map` indexes, than the copy moves of rows without gaps.
bool isBoxWithin(CopyOp copy, mlir::AffineMap map,
                 const CopyAssignment &assignment, const FragmentRead &read,
                 int64_t rows);

/// Whether the fields of the copy's descriptor, and of what a kernel passes at
/// any step of the outer loops, hold what they would have to for a tensor as
/// `access` has it. `extents`: of the loops, and of the panels.
bool isWithinLimits(CopyOp copy, const Access &access,
                    const CopyAssignment &assignment,
                    llvm::ArrayRef<int64_t> extents);

} // namespace amos

#endif // AMOS_LIB_MAPPING_COPYPANELS_H
