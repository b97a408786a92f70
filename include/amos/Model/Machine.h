//===- Machine.h - A description as numbers ---------------------*- C++ -*-===//
#ifndef AMOS_MODEL_MACHINE_H
#define AMOS_MODEL_MACHINE_H

#include "amos/Mapping/Contraction.h"
#include "amos/Mapping/RoleRegisters.h"
#include <string>

namespace amos {

/// A memory on the way from where tensors lie to the issuing unit.
struct Level {
  std::string name;
  int64_t capacity = 0; ///< bytes per instance, 0: unbounded
  double bandwidth = 0; ///< bytes per cycle of one instance, 0: unlimited
  int64_t latency = 0;  ///< cycles
  int64_t granule = 1;  ///< allocation unit in bytes
  int64_t access = 1;   ///< widest access of one lane in bytes
  int64_t issuers = 1;  ///< issuing units that share one instance
  int64_t ports = 0; ///< through each of which the same goes once, 0: no such
  int64_t pool = 0;  ///< bytes that several instances draw on, 0: no limit
  bool hasBanks = false; ///< neighbouring rows should start in different ones
  bool isCache = false;
  bool isAddressed = false; ///< has an address type: code can place data there
};

/// How one operand of an intrinsic lies in the registers of a unit, or where
/// else.
struct RegisterTile {
  mlir::AffineMap fragment; ///< null: the operand is not in registers
  std::string level;        ///< the memory it is in instead, if one is named
  int64_t elements = 0;     ///< scalars each lane holds
  int64_t lanes = 1;
  /// Of an operand that copies of boxes bring to its memory, the most rows and
  /// the elements of a row that one of them moves; else 0.
  int64_t boxRows = 0, boxColumns = 0;
  /// Whether such a copy reaches the memories of several groups at once.
  bool reachesCluster = false;
  /// The iteration that is contiguous in that memory.
  unsigned alongLane = 0;
};

/// One intrinsic of a machine with what the cost of using it depends on.
struct IntrinsicModel {
  IntrinsicOp declaration; ///< for proofs; prices do not look into it
  std::string name;        ///< the intrinsic's own symbol
  Contraction contraction;
  double interval = 1; ///< cycles between two issues of one unit
  int64_t latency = 1; ///< cycles until a dependent issue
  int64_t units = 1;   ///< units of the whole machine that issue in parallel
  int64_t issuersPerUnit = 1; ///< instances of the issue scope that share one
  int64_t parts = 1;          ///< of a unit, of which one issuer keeps one busy
  double clock = 1e9;         ///< cycles per second
  IntrinsicClass kind = IntrinsicClass::Scalar;
  /// Bytes of registers one tile of each operand takes, over all lanes; 0 when
  /// it stays in a memory.
  llvm::SmallVector<int64_t> tileBytes;
  /// Per operand, in the intrinsic's order.
  llvm::SmallVector<RegisterTile> tiles;
  /// The level registers are allocated from, and the memories behind it,
  /// nearest first.
  Level registers;
  llvm::SmallVector<Level> memories;
  /// The scope whose parts share the memory that sources are staged in, and the
  /// one that issues. Empty where code cannot be spread over their parts.
  std::string groupScope, unitScope;
  /// How many sets of one, of two, .. groups can start together and reach each
  /// other's staging memory, empty if none can, and bytes per cycle that each
  /// of them reads of the others'.
  llvm::SmallVector<int64_t> together;
  double reachBandwidth = 0;
  RoleRegisters roleRegisters; ///< of units that bring and that compute

  bool isSpread() const { return !groupScope.empty(); }
  /// Whether a source stays in a memory, filled by copies of boxes.
  bool readsBoxes() const;
  /// The nearest memory that sources are staged in, where code is spread.
  const Level &getStage() const;
};

/// Reads what the enclosing description says. A machine with a target runs only
/// on as many parts of a scope as code can tell apart, that is one where the
/// parts have no `index`; a machine without target is priced with all of them.
IntrinsicModel readModel(IntrinsicOp intrinsic);

} // namespace amos

#endif // AMOS_MODEL_MACHINE_H
