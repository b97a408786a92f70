//===- LanePlan.h - Which loop of an op runs on the lanes -------*- C++ -*-===//
//
// Private to vectorize-loops.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TRANSFORMS_LANEPLAN_H
#define AMOS_TRANSFORMS_LANEPLAN_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace amos {

/// How neighbouring points of one loop lie in an operand.
enum class Reach {
  Uniform,    ///< they are one element
  Contiguous, ///< they are neighbours
  Scattered
};

/// How the points of loop `dim` lie in `operand` of `op`, a buffer or a scalar.
Reach getReach(mlir::linalg::GenericOp op, mlir::OpOperand &operand,
               unsigned dim);

/// How the loops of an op on buffers are done by vectors.
struct LanePlan {
  unsigned lane; ///< the loop whose points are lanes
  int64_t width; ///< most lanes of one vector, a power of two
  int64_t units; ///< most vectors at once, so that none waits for another
  bool isSum;    ///< the loop is a reduction: each lane has its own part of it
};

/// The plan with the fewest moves between memory and registers of `bytes`
/// bytes; nothing if no loop can be on lanes, or none is better there.
std::optional<LanePlan> planLanes(mlir::linalg::GenericOp op, int64_t bytes);

/// What combines the value that result `number` had before with what is new;
/// null if the body does something else.
mlir::Operation *getCombiner(mlir::linalg::GenericOp op, unsigned number);

} // namespace amos

#endif // AMOS_TRANSFORMS_LANEPLAN_H
