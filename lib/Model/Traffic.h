//===- Traffic.h - Bytes that a nest moves between levels -------*- C++ -*-===//
#ifndef AMOS_LIB_MODEL_TRAFFIC_H
#define AMOS_LIB_MODEL_TRAFFIC_H

#include "Arrangement.h"

namespace amos {

/// A way of a first-level cache is as long as a page where the cache is indexed
/// before addresses are translated; other caches have as many ways.
constexpr int64_t pageBytes = 4096;
int64_t countWays(const IntrinsicModel &intrinsic);

/// Bytes of an operand that `spans[d]` consecutive steps of dimension d of its
/// access (outer loops, then lanes) touch; `inLines`: of the lines they lie in.
double getFootprint(const Stream &stream, llvm::ArrayRef<int64_t> spans,
                    const Arrangement &plan, bool inLines = false);

/// A nest with the operands it reads, ready to be asked for traffic.
class NestTraffic {
public:
  NestTraffic(const Arrangement &plan, const Schedule &schedule);

  /// Bytes all operands of the loops from position `p` inwards touch.
  double getWorkingSet(unsigned p) const { return workingSets[p]; }

  /// Steps the loop at position `p` takes each time it is reached.
  int64_t getTrips(unsigned p) const { return trips[p]; }

  /// Bytes that come into a level of `capacity` bytes (0: unbounded): all the
  /// loops from the outermost position whose working set fits keep their data
  /// there, and loops around it that an operand does not depend on find it
  /// again.
  double getFetched(double capacity) const;

  /// The outermost position whose working set fits, also into the few sets of a
  /// cache that rows a power of two apart fall into.
  unsigned getFit(double capacity) const;

private:
  /// Rows of one operand that a sub-nest touches.
  struct Rows {
    double count = 1;
    double bytes = 0;
    int64_t stride = 0; ///< bytes from one to the next
  };
  Rows getRows(const Stream &stream, llvm::ArrayRef<int64_t> spans) const;
  bool collides(const Rows &rows, double capacity) const;
  double getFetched(unsigned t, unsigned fit) const;

  const Arrangement &plan;
  const Schedule &schedule;
  llvm::SmallVector<llvm::SmallVector<Rows, 4>> rows; ///< as `footprints`
  llvm::SmallVector<uint64_t> loops;                  ///< per operand
  llvm::SmallVector<int64_t> trips;
  llvm::SmallVector<double> workingSets;
  llvm::SmallVector<llvm::SmallVector<double, 4>> footprints;
};

} // namespace amos

#endif // AMOS_LIB_MODEL_TRAFFIC_H
