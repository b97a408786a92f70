//===- LoadPricing.h - Bringing tiles into registers ------------*- C++ -*-===//
#ifndef AMOS_LIB_MODEL_LOADPRICING_H
#define AMOS_LIB_MODEL_LOADPRICING_H

#include "Price.h"

namespace amos {

/// Cycles of an access that needs one of two ports, and of an instruction that
/// moves elements inside registers, which two pipes can do.
constexpr double onePort = 0.5;

/// Bytes that the accesses of one tile read.
double getLoadedBytes(const Stream &stream);

/// What it takes to bring one tile into registers.
class LoadPricing {
public:
  LoadPricing(const Arrangement &plan, const Schedule &schedule)
      : plan(plan), schedule(schedule), intrinsic(plan.problem->intrinsic) {}

  /// Cycles that `bytes` bytes in one access occupy the nearest memory. A
  /// narrow access takes one of two ports, a wide one as long as the bandwidth
  /// says.
  double getPort(double bytes) const;
  /// Cycles of the load ports. A guard is a comparison and a branch at every
  /// tile, a division takes the ports' time too.
  double getLoadCycles(const Stream &stream) const;
  /// Cycles of the pipes that compute, for putting what was read in order and
  /// for widening it, two instructions a register.
  double getShuffleCycles(const Stream &stream) const;

private:
  bool isAliased(const Stream &stream) const;

  const Arrangement &plan;
  const Schedule &schedule;
  const IntrinsicModel &intrinsic;
};

} // namespace amos

#endif // AMOS_LIB_MODEL_LOADPRICING_H
