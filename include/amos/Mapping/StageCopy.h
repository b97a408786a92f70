//===- StageCopy.h - Sources that stay in a memory --------------*- C++ -*-===//
//
// An intrinsic that reads an operand from memory says how it must lie there,
// and so does a copy that writes to it. Here both are brought together: the
// part of a source that is brought at once becomes panels, each as wide as the
// copy is, and the copy is proved to fetch them.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_MAPPING_STAGECOPY_H
#define AMOS_MAPPING_STAGECOPY_H

#include "amos/Mapping/UnifyCopy.h"

namespace amos {

/// A chunk of a source as panels of rows of elements that lie side by side. A
/// row steps through one coordinate of the intrinsic's tile and the loop that
/// repeats it, a column through the other.
struct Panels {
  unsigned rowLane, columnLane; ///< iterations of the intrinsic
  int64_t count, rows, columns;
  /// Columns that are read, the first ones: all, but for a single panel that is
  /// wider than the chunk. What lies in the others is never looked at.
  int64_t used;
  /// What is read, over the outer loops at the start of the chunk, then panel,
  /// row and column.
  Access access;
};

/// On a stage that fills panels: their `used` columns, if that is not all.
inline constexpr llvm::StringLiteral usedColumnsName = "amos.used_columns";

/// What is brought at once of a source, whose tile has the two lanes `row` and
/// `column`, in panels of `columns` elements. `spans` are steps of each outer
/// loop. E-LAYOUT if other loops move inside of the chunk, or if its columns
/// neither fill whole panels nor are fewer than one has.
std::variant<Panels, Reason> makePanels(const MappedAccesses &mapped,
                                        const Contraction &intrinsic,
                                        unsigned source, unsigned row,
                                        unsigned column, int64_t columns,
                                        llvm::ArrayRef<int64_t> spans);

/// Bytes from one atom to the next along each free dimension of the layout that
/// `place` names, if a tile of extents `tile` lies in panels as `index` says,
/// from (coordinates of the tile) to (panel, row, column); `shape` is that of
/// the panels. E-LAYOUT names an element that the reader would seek elsewhere.
std::variant<llvm::SmallVector<int64_t>, Reason>
solveStrides(MemoryAttr place, LayoutOp layout, mlir::AffineMap index,
             llvm::ArrayRef<int64_t> tile, llvm::ArrayRef<int64_t> shape,
             int64_t elementBytes);

/// What fills the panels of a chunk: a copy of the machine, or, where `copy` is
/// null, the lanes of a unit, which gather it element by element.
struct StageCopy {
  CopyOp copy;
  CopyAssignment assignment; ///< over outer loops, then the panel
  Panels panels;
};

/// Per source; nothing for those that come through registers.
using StageCopies = std::vector<std::optional<StageCopy>>;

/// Steps of each outer loop that are brought at once: those of one group, of
/// other loops those of the first visit in the nest, all where there is none.
llvm::SmallVector<int64_t> getChunkSpans(const MappedAccesses &mapped,
                                         const Schedule &schedule);

/// `lanes` of an access, the one that runs along its memory last.
llvm::SmallVector<unsigned> orderLanes(const Access &access, unsigned numOuter,
                                       llvm::ArrayRef<unsigned> lanes);

/// The first copy of the machine that fills panels from which `intrinsic` reads
/// `source`, with a proof that it fetches what the mapping reads. E-LAYOUT,
/// E-ALIGN or E-PROOF says why the best one does not.
std::variant<StageCopy, Reason>
findStageCopy(IntrinsicOp intrinsic, const Contraction &op,
              const MappedAccesses &mapped, unsigned source, unsigned row,
              unsigned column, llvm::ArrayRef<int64_t> spans, Solver &solver);

/// The first copy of the machine that stores tiles of results from panels in
/// the background, with a proof that it writes what `target`, over outer loops
/// and lanes, says of the destination, no less and no more. `mapped.outer` are
/// as many steps as are made. Nothing when no copy is proved to.
std::optional<StageCopy> findStoreCopy(IntrinsicOp intrinsic,
                                       const Contraction &op,
                                       const MappedAccesses &mapped,
                                       const Access &target, Solver &solver);

/// The first copy of the intrinsic's machine that stores boxes of such elements
/// in the background; null if there is none, or no intrinsic.
CopyOp findBoxStore(IntrinsicOp intrinsic, int64_t elementBytes);

/// The layout that a placement in memory names in the description of `part`,
/// null if there is none.
LayoutOp findLayout(mlir::Operation *part, mlir::Attribute placement);

/// Panels as `intrinsic` wants them, which the lanes of a unit fill by plain
/// accesses. E-TARGET if the machine has nothing that makes those visible to
/// the intrinsic or tells that they are there, E-LAYOUT if its layout is none
/// of panels.
std::variant<StageCopy, Reason> findGather(IntrinsicOp intrinsic,
                                           const Contraction &op,
                                           const MappedAccesses &mapped,
                                           unsigned source,
                                           llvm::ArrayRef<int64_t> spans);

/// What makes plain writes visible to `intrinsic` in `level`: null if nothing
/// does, or if nothing has to (`needsFence`).
FenceOp findFence(IntrinsicOp intrinsic, llvm::StringRef level);
bool needsFence(IntrinsicOp intrinsic);

/// The coordinates of a tile over (panel, row, column).
mlir::AffineMap getTileInPanels(const Contraction &intrinsic, unsigned source,
                                const Panels &panels,
                                mlir::MLIRContext *context);

/// What brings each source of a scheduled mapping that the intrinsic reads from
/// memory, nothing for the others: a copy, else a gather. `mapped` is what
/// `mapAccesses` made. The reason is that of the copies.
std::variant<StageCopies, Reason> planStages(IntrinsicOp intrinsic,
                                             const Contraction &op,
                                             const MappedAccesses &mapped,
                                             const Schedule &schedule,
                                             Solver &solver);

} // namespace amos

#endif // AMOS_MAPPING_STAGECOPY_H
