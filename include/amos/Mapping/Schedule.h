//===- Schedule.h - Order, blocks and staging of a mapping ------*- C++ -*-===//
#ifndef AMOS_MAPPING_SCHEDULE_H
#define AMOS_MAPPING_SCHEDULE_H

#include "Amos/AmosDialect.h"
#include "llvm/ADT/SmallVector.h"
#include <string>

namespace amos {

using IntLists = llvm::SmallVector<llvm::SmallVector<int64_t>>;

/// Whether steps of the nest bring what they need of such a source.
inline bool isInChunks(Staging staging) {
  return staging == Staging::Chunk || staging == Staging::Reorder;
}

/// The plain form of `#amos.schedule`; see there for the meaning of each part.
struct Schedule {
  /// One visit of a loop of the nest advances `outer` by `step`.
  struct Loop {
    int64_t outer;
    int64_t step;
    std::string scope; ///< whose parts do its steps, empty: in sequence
    Loop(int64_t outer, int64_t step, std::string scope = "")
        : outer(outer), step(step), scope(std::move(scope)) {}
    bool operator==(const Loop &o) const {
      return outer == o.outer && step == o.step && scope == o.scope;
    }
  };
  IntLists order;
  IntLists tiles; ///< empty: fuse, then split
  llvm::SmallVector<Loop> nest;
  llvm::SmallVector<int64_t> block;
  llvm::SmallVector<Staging> staging;
  int64_t stages = 1; ///< steps of the chunk loops with buffers at one time
  /// Neighbours in the last loop over groups that start together and bring what
  /// they share once.
  int64_t cluster = 1;

  /// Whether parts of the machine work side by side, each on steps of its own.
  bool isSpread() const;

  static Schedule get(ScheduleAttr attr);
  ScheduleAttr getAttr(mlir::MLIRContext *context) const;
};

} // namespace amos

#endif // AMOS_MAPPING_SCHEDULE_H
