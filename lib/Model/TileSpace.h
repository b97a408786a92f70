//===- TileSpace.h - The schedules worth pricing ----------------*- C++ -*-===//
//
// Each function lists one kind of choice; the explorer combines them. All
// lists are short, without repetition and in a fixed order.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_LIB_MODEL_TILESPACE_H
#define AMOS_LIB_MODEL_TILESPACE_H

#include "Arrangement.h"

namespace amos {

/// Schedules that say order and form only: per group, the iteration whose step
/// is smallest in some operand's memory last; fused, and as boxes where a group
/// has several iterations.
std::vector<Schedule> enumerateLayouts(const MappedProblem &problem);

/// Sources of which no 16 bytes, or what else a memory takes at once, lie
/// together as the intrinsic wants them: no engine brings such.
llvm::SmallVector<unsigned> findScattered(const Arrangement &plan);

/// `layout`, which `plan` arranges, then the same with some of the scattered
/// sources reordered, where more of them lies together then.
std::vector<Schedule> enumerateReorders(const Arrangement &plan,
                                        const Schedule &layout);

using RegisterBlock = llvm::SmallVector<int64_t>;

/// More tiles than that fit no block: the registers do not hold them.
int64_t getTileLimit(const MappedProblem &problem);

/// Blocks over at most two parallel loops, of no more than `limit` tiles. Sizes
/// that a smaller one with equally many blocks makes pointless are left out.
std::vector<RegisterBlock> enumerateBlocks(const Arrangement &plan,
                                           int64_t limit);

using Nest = llvm::SmallVector<Schedule::Loop>;

/// Orders of the loops for one block, reductions innermost: rows outside,
/// columns outside, and groups of rows whose part of the streamed source fits
/// half of a cache outside columns outside rows.
std::vector<Nest> enumerateNests(const Arrangement &plan,
                                 const RegisterBlock &block);

using Stagings = llvm::SmallVector<Staging>;

/// Combinations of stagings; the first one is the likely best.
std::vector<Stagings> enumerateStagings(const Arrangement &plan);

/// Complete schedules for machines with staging memories: powers of two for the
/// longest row, column and the last reduction loop as block, group and chunk;
/// those that stage nothing are among them.
std::vector<Schedule> enumerateLevelNests(const Arrangement &plan,
                                          const Schedule &layout);

/// Schedules for intrinsics of class vector whose operands are in lanes, on
/// machines whose nests are spread: sources are read where they lie, short
/// reductions and a few results by one block; none where a loop would be
/// overrun, or `layout` reorders a source.
std::vector<Schedule> enumerateDirectNests(const Arrangement &plan,
                                           const Schedule &layout);

/// One of those that are staged, with neighbours in the row or in the column
/// that bring together what they share.
std::vector<Schedule> enumerateClusters(const Arrangement &plan,
                                        const Schedule &schedule);

} // namespace amos

#endif // AMOS_LIB_MODEL_TILESPACE_H
