//===- Shares.h - What each thread does of a nest ---------------*- C++ -*-===//
//
// Threads share the steps of parallel loops only: no sum is split, so results
// do not depend on how many there are.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_MAPPING_SHARES_H
#define AMOS_MAPPING_SHARES_H

#include "amos/Mapping/MappedAccesses.h"

namespace amos {

/// More threads than that are refused.
constexpr int64_t mostThreads = 1024;

/// How many threads a function gets that takes as many as OpenMP's runtime
/// says, as far as choosing shares goes.
constexpr int64_t assumedThreads = 8;

/// The points of a box, `extents` along its sides; of one that is not known, a
/// guess.
double countPoints(llvm::ArrayRef<int64_t> extents);

/// A loop of a nest whose steps threads share.
struct SharedLoop {
  unsigned outer;
  int64_t step;
  /// The last one may be partial. Of an extent that is not known, a guess.
  int64_t trips;
};

/// How many of some loops threads share, the outermost ones of them, which make
/// `trips` steps each: as few as suffice for even shares.
size_t countShared(llvm::ArrayRef<int64_t> trips, int64_t threads);

/// The part of all steps that the thread with the most of them does.
double getLargestShare(llvm::ArrayRef<int64_t> trips, int64_t threads);

/// The loops of `nest` that threads share, outermost first: where a loop is
/// first stepped through, if it makes several steps and results of different
/// ones are independent (`isFree`).
llvm::SmallVector<SharedLoop>
findShared(const MappedAccesses &mapped, llvm::ArrayRef<Schedule::Loop> nest,
           llvm::function_ref<bool(unsigned)> isFree, int64_t threads);

} // namespace amos

#endif // AMOS_MAPPING_SHARES_H
