//===- Price.h - Pricing a schedule by its scheme ---------------*- C++ -*-===//
#ifndef AMOS_LIB_MODEL_PRICE_H
#define AMOS_LIB_MODEL_PRICE_H

#include "Arrangement.h"
#include "amos/Mapping/Certificate.h"

namespace amos {

/// Predictions closer than this share are taken as equal; measurements of one
/// and the same kernel differ by more.
constexpr double noise = 0.01;

/// Cycles by the resource that needs them. Resources work side by side, so that
/// the busiest one decides, but they get in each other's way when several are
/// nearly as busy.
class Bill {
public:
  /// `bytes`: what a memory moves meanwhile.
  void add(llvm::StringRef resource, double cycles, double bytes = 0);
  /// As if there were `share` of everything to do.
  void scale(double share);
  /// Notes that `level` holds what the nest touches from `position` inwards.
  void setHeld(llvm::StringRef level, unsigned position);
  /// What nothing overlaps with.
  void addAlone(llvm::StringRef what, double cycles);
  /// (sum c^4)^(1/4) of what overlaps, and what is alone. The exponent is
  /// fitted to the measurements of docs/CostModel.md.
  double getTotal() const;
  llvm::StringRef getBusiest() const;
  llvm::ArrayRef<Usage> getUsages() const { return usages; }

private:
  llvm::SmallVector<Usage> usages;
};

/// The soft maximum that `Bill` uses, of two terms.
double softMax(double a, double b);

/// Whether a cache holds every element of every operand, so that calls find
/// there what the caller and earlier calls left.
bool staysIn(const Arrangement &plan, const Level &level);

using Priced = std::variant<Cost, Reason>;

/// Tiles live in registers of one unit, memories are caches: CPUs.
Priced priceInRegisters(const Arrangement &plan, const Schedule &schedule,
                        Bill &bill);

/// The part of it that only the block decides; nothing when the registers do
/// not suffice. Reads no nest.
std::optional<double> priceBody(const Arrangement &plan,
                                const Schedule &schedule);

/// Tiles are staged in memories that several units share, or in memories only.
Priced priceInLevels(const Arrangement &plan, const Schedule &schedule,
                     Bill &bill);

/// How many chunks a spread nest should have buffers for, `stages` of the
/// schedule not being looked at: 2 + latency / cycles of a chunk, if they fit.
int64_t chooseStages(const Arrangement &plan, const Schedule &schedule);

/// Whether code for `intrinsic` reads tensors straight into registers.
bool runsInRegisters(const IntrinsicModel &intrinsic);

/// The pricing of whichever scheme the machine has, and what both share.
Priced price(const Arrangement &plan, const Schedule &schedule);

/// The sources, a bit each, that no copy is proved to bring to where the
/// intrinsic reads them, so that lanes have to gather them; why there is no way
/// to bring one.
std::variant<uint32_t, Reason> findGathered(const MappedProblem &problem,
                                            const Schedule &schedule);

/// Whether some elements of every tile are missing, whatever the outer loops
/// do.
bool isPartial(const Access &access, unsigned numOuter);

/// Accesses of a lane to a tile of results, or to what lies beside it: what
/// lies side by side moves at once. None where no lane holds a fragment.
double countAccesses(const Arrangement &plan, const Stream &stream);

/// Whether tiles of results lie as an engine of the machine stores boxes: whole
/// rows of its boxes side by side, rows at aligned distances. What it takes
/// beyond, the proof of the copy, is not looked at.
bool areStoredInBoxes(const Arrangement &plan, const Stream &stored);

/// Whether what a box holds of steps beyond the end of `loop` is outside of
/// what results are stored to; `isInPart`: to one of several parts, one behind
/// the other.
bool isClippedBeyond(const Stream &stored, unsigned loop, bool isInPart);

/// The intrinsic's iterations that a source has, the one that runs along memory
/// last.
llvm::SmallVector<unsigned> findLaneOrder(const IntrinsicModel &intrinsic,
                                          const MappedAccesses &mapped,
                                          unsigned source);

} // namespace amos

#endif // AMOS_LIB_MODEL_PRICE_H
