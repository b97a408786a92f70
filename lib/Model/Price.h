//===- Price.h - Pricing a schedule by its scheme ---------------*- C++ -*-===//
#ifndef AMOS_LIB_MODEL_PRICE_H
#define AMOS_LIB_MODEL_PRICE_H

#include "Arrangement.h"

namespace amos {

/// Cycles by the resource that needs them. Resources work side by side, so that
/// the busiest one decides, but they get in each other's way when several are
/// nearly as busy.
class Bill {
public:
  void add(llvm::StringRef resource, double cycles);
  /// (sum c^4)^(1/4). The exponent is fitted to the measurements of
  /// docs/CostModel.md.
  double getTotal() const;
  llvm::StringRef getBusiest() const;

private:
  llvm::SmallVector<std::pair<std::string, double>> entries;
};

/// The soft maximum that `Bill` uses, of two terms.
double softMax(double a, double b);

using Priced = std::variant<Cost, Reason>;

/// Tiles live in registers of one unit, memories are caches: CPUs.
Priced priceInRegisters(const Arrangement &plan, const Schedule &schedule);

/// The part of it that only the block decides; nothing when the registers do
/// not suffice. Reads no nest.
std::optional<double> priceBody(const Arrangement &plan,
                                const Schedule &schedule);

/// Tiles are staged in memories that several units share, or in memories only.
Priced priceInLevels(const Arrangement &plan, const Schedule &schedule);

/// Whether code for `intrinsic` reads tensors straight into registers.
bool runsInRegisters(const IntrinsicModel &intrinsic);

/// The pricing of whichever scheme the machine has, and what both share.
Priced price(const Arrangement &plan, const Schedule &schedule);

} // namespace amos

#endif // AMOS_LIB_MODEL_PRICE_H
