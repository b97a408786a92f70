//===- RoleRegisters.cpp - Registers of those who bring and compute -------===//

#include "amos/Mapping/RoleRegisters.h"

using namespace mlir;
using namespace amos;

/// What a lane keeps that only computes addresses: what the assembler uses for
/// the loops around an engine's copies, with some to spare.
static constexpr int64_t askingRegisters = 40;

/// What a lane that gathers needs: addresses, and the pieces on their way.
static constexpr int64_t gatherRegisters = 112;

/// What a lane that computes needs beside sums: with as many, a 3-D convolution
/// with an epilogue (C3D/7 of gpu-families) does not spill.
static constexpr int64_t computeRegisters = 80;

/// The same of any lane where all keep what they have at launch: of one that
/// gathers, fewer pieces are on their way then.
static constexpr int64_t leastRegisters = 40;

/// Units that gather in turn, however many registers there are.
static constexpr int64_t mostGatherers = 3;

RoleRegisters::RoleRegisters(AcceleratorOp machine, int64_t lanes)
    : lanes(lanes) {
  for (auto candidate : machine.getOps<BudgetOp>()) {
    auto file = dyn_cast_or_null<LevelOp>(
        SymbolTable::lookupSymbolIn(machine, candidate.getLevel()));
    if (!file || !file.getPool())
      continue;
    budget = candidate;
    int64_t bytes = file.getGranule().value_or(1);
    pool = *file.getPool() / bytes;
    most = file.getCapacity().value_or(0) / bytes;
    granule = budget.getGranule();
    least = budget.getRange()[0];
    largest = budget.getRange()[1];
  }
}

int64_t RoleRegisters::countAtLaunch(int64_t units) const {
  return std::min(pool / (units * lanes), most) / granule * granule;
}

int64_t RoleRegisters::getKept(bool gathers) {
  return gathers ? gatherRegisters : askingRegisters;
}

std::optional<int64_t> RoleRegisters::deal(int64_t consumers, int64_t producers,
                                           bool gathers) const {
  const int64_t units = consumers + producers, kept = getKept(gathers);
  const int64_t atLaunch = countAtLaunch(units);
  if (atLaunch == 0)
    return std::nullopt;
  int64_t dealt =
      (units * atLaunch - producers * kept) / consumers / granule * granule;
  dealt = std::min(dealt, largest);
  if (dealt <= atLaunch || kept < least)
    return std::nullopt;
  return dealt;
}

int64_t RoleRegisters::chooseGatherers(int64_t consumers, int64_t sums,
                                       int64_t slots) const {
  int64_t gatherers = std::min(mostGatherers, slots);
  for (; gatherers > 1; --gatherers) {
    auto dealt = deal(consumers, gatherers, /*gathers=*/true);
    if (dealt ? *dealt >= sums + computeRegisters
              : countAtLaunch(consumers + gatherers) >= sums + leastRegisters)
      break;
  }
  return gatherers;
}
