//===- TimingModule.h - Loops whose time says how fast a machine is -*- C++
//-*-===//
//
// Private to the driver. Every module has functions over an array of pointers
// and a number of rounds. Operations that do nothing, but that no optimiser
// sees through, keep what is timed in place.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_TIMINGMODULE_H
#define AMOS_DRIVER_TIMINGMODULE_H

#include "Amos/AmosDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace amos {

/// Additions that depend on each other in a round of `clock`: each takes one
/// cycle on every processor.
constexpr int64_t clockAdditions = 64;

/// Vectors that a round of `broadcast` fills with one number from memory.
constexpr int64_t broadcastsPerRound = 8;

/// `clock`: reads its number from pointer 0 and leaves it there.
/// `chains1`, `chains4`..: a round invokes the lowering once for each of so
/// many accumulators, see getChains; pointers are its operands. Null after a
/// report.
mlir::OwningOpRef<mlir::ModuleOp> buildTimingModule(IntrinsicOp intrinsic);

/// Numbers of accumulators that are timed; with one, each invocation waits for
/// the one before.
llvm::ArrayRef<int64_t> getChains();

/// `clock`, and over `bytes` bytes at pointer 0: `read`, `write` and `copy` (of
/// the first half to the second) once a round, `broadcast`, and `chase`, which
/// follows a pointer once a round and replaces pointer 0 by the last one. Null
/// after a report.
mlir::OwningOpRef<mlir::ModuleOp>
buildTimingModule(AcceleratorOp machine, int64_t width, int64_t bytes);

} // namespace amos

#endif // AMOS_DRIVER_TIMINGMODULE_H
