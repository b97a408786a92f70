//===- TimingKernels.h - Kernels whose time says how fast a device is -*- C++
//-*-===//
//
// Private to the driver. Every kernel takes a buffer, its bytes, a number of
// rounds and the place for one number of each block, where it leaves the cycles
// that the rounds took. docs/Calibration.md has their meaning.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_TIMINGKERNELS_H
#define AMOS_DRIVER_TIMINGKERNELS_H

#include "Amos/AmosDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace amos {

/// A kernel with all that has to be known to launch it and to read its cycles.
struct TimingKernel {
  std::string name;
  /// "read", "write", "copy", "latency" or "interval".
  llvm::StringRef quantity;
  int64_t threads = 1;       ///< of a block
  int64_t blocksPerCore = 0; ///< 0: one block on the whole device
  int64_t sharedBytes = 0;   ///< of a block, dynamically allocated
  int64_t bufferBytes = 0;   ///< zeros, or a ring
  int64_t stepBytes = 0;     ///< of the buffer that a thread touches in a step
  int64_t ringBytes = 0;     ///< distance of the addresses in a ring; 0: none
  bool isWarm = false;       ///< the ring is followed once before
  /// In a round of one block; 0 where every round touches the whole buffer.
  int64_t invocations = 0;
  int64_t blockBytes = 0;
};

/// One part of a machine: the program of its kernels, lowered for code
/// generation. Without a module, `reason` says why it cannot be measured.
struct TimingKernels {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::vector<TimingKernel> kernels;
  std::string reason;
};

/// Kernels that invoke the lowering of `intrinsic` on independent accumulators,
/// and on one.
TimingKernels buildTimingKernels(IntrinsicOp intrinsic);

/// Kernels that sweep over a memory and follow pointers through it.
TimingKernels buildTimingKernels(AcceleratorOp machine, LevelOp level);

} // namespace amos

#endif // AMOS_DRIVER_TIMINGKERNELS_H
