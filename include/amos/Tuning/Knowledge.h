//===- Knowledge.h - What measurements tell ---------------------*- C++ -*-===//
#ifndef AMOS_TUNING_KNOWLEDGE_H
#define AMOS_TUNING_KNOWLEDGE_H

#include "amos/Tuning/Measurement.h"
#include "llvm/ADT/ArrayRef.h"

namespace amos {

/// Why `measurement` tells nothing about what is compiled in `here`; empty when
/// it does. An empty device or driver of `here` is not known and not compared.
std::string findStaleness(const Measurement &measurement,
                          const Environment &here);

/// One over the share of the unit's rate, where every one of a device is timed
/// beside its unit; else seconds. Only for measurements of one operator on one
/// device.
double getCostliness(const Measurement &measurement);

/// The good ones of measurements of one operator in one environment, one for
/// each mapping and schedule: that of most samples, the newest of those.
/// Fastest first; but what is as fast as the fastest within the noise of both
/// comes in the order of the model. Where some began with warm caches, those
/// that did not are left out.
std::vector<Measurement> rankMeasurements(llvm::ArrayRef<Measurement> all);

} // namespace amos

#endif // AMOS_TUNING_KNOWLEDGE_H
