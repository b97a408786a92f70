//===- RoleRegisters.h - Registers of those who bring and compute -*- C++ -*-=//
#ifndef AMOS_MAPPING_ROLEREGISTERS_H
#define AMOS_MAPPING_ROLEREGISTERS_H

#include "Amos/AmosDialect.h"
#include <optional>

namespace amos {

/// How the units of a group share registers when some bring chunks and others
/// compute. Numbers are registers of a lane.
class RoleRegisters {
public:
  RoleRegisters() = default;
  /// Of units of so many lanes. Nothing is known where the machine has no
  /// `budget` of a level with a pool.
  RoleRegisters(AcceleratorOp machine, int64_t lanes);

  /// By which registers are dealt out; null if nothing is known.
  BudgetOp getBudget() const { return budget; }
  /// Of every lane of so many units, before some are dealt out; 0 if nothing is
  /// known.
  int64_t countAtLaunch(int64_t units) const;
  /// Of a lane that brings chunks: that gathers them, or asks an engine.
  static int64_t getKept(bool gathers);
  /// Of a lane that computes, if those that producers give up are dealt out;
  /// nothing when there are enough from the start.
  std::optional<int64_t> deal(int64_t consumers, int64_t producers,
                              bool gathers) const;
  /// Units that gather in turn, so that as many chunks are on their way, as
  /// long as consumers keep what they need beside their sums. No more than
  /// there are slots: a unit that has filled one knows that all before it in
  /// the ring were empty since, no more than that, and a barrier tells only one
  /// phase from the next.
  int64_t chooseGatherers(int64_t consumers, int64_t sums, int64_t slots) const;

private:
  BudgetOp budget;
  int64_t pool = 0; ///< of all lanes together
  int64_t most = 0, granule = 1, lanes = 1;
  int64_t least = 0, largest = 0; ///< that can be dealt out
};

} // namespace amos

#endif // AMOS_MAPPING_ROLEREGISTERS_H
