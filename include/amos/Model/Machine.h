//===- Machine.h - A description as numbers ---------------------*- C++ -*-===//
#ifndef AMOS_MODEL_MACHINE_H
#define AMOS_MODEL_MACHINE_H

#include "amos/Mapping/Contraction.h"
#include <string>

namespace amos {

/// A memory on the way from where tensors lie to the issuing unit.
struct Level {
  std::string name;
  int64_t capacity = 0; ///< bytes per instance, 0: unbounded
  double bandwidth = 0; ///< bytes per cycle of one instance, 0: unlimited
  int64_t latency = 0;  ///< cycles
  int64_t granule = 1;  ///< allocation unit in bytes
  int64_t issuers = 1;  ///< issuing units that share one instance
  bool isCache = false;
  bool isAddressed = false; ///< has an address type: code can place data there
};

/// One intrinsic of a machine with what the cost of using it depends on.
struct IntrinsicModel {
  std::string name; ///< the intrinsic's own symbol
  Contraction contraction;
  double interval = 1; ///< cycles between two issues of one unit
  int64_t latency = 1; ///< cycles until a dependent issue
  int64_t units = 1;   ///< units of the whole machine that issue in parallel
  IntrinsicClass kind = IntrinsicClass::Scalar;
  /// Bytes of registers one tile of each operand takes; 0 when it stays in a
  /// memory.
  llvm::SmallVector<int64_t> tileBytes;
  /// The level registers are allocated from, and the memories behind it,
  /// nearest first.
  Level registers;
  llvm::SmallVector<Level> memories;
};

IntrinsicModel readModel(IntrinsicOp intrinsic);

} // namespace amos

#endif // AMOS_MODEL_MACHINE_H
