//===- CostModel.h - Predicted cycles of a scheduled mapping ----*- C++ -*-===//
//
// docs/CostModel.md derives every term.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_MODEL_COSTMODEL_H
#define AMOS_MODEL_COSTMODEL_H

#include "amos/Mapping/Certificate.h"
#include "amos/Mapping/MappedAccesses.h"
#include "amos/Mapping/TileAccess.h"
#include "amos/Model/Machine.h"
#include <limits>
#include <memory>
#include <vector>

namespace amos {

/// What an unknown extent is priced as. Larger than any intrinsic's, so that
/// the loops of a mapping are those of every larger extent.
constexpr int64_t assumedExtent = 1024;

struct Cost {
  double cycles = 0; ///< of one issuing unit, the machine's units in parallel
  double lowerBound = 0; ///< no schedule of this mapping is faster
  std::string bound;     ///< "compute", or the level that decides
  double useful = 1;     ///< share of the multiply-adds performed that are real
  int64_t onChipBytes = 0;
};

/// One line of the bill behind a cost.
struct Usage {
  std::string name;     ///< "compute", a level, or what is done alone
  double cycles = 0;    ///< of the machine's clock
  double bytes = 0;     ///< that a level delivers or takes, all instances
  bool overlaps = true; ///< works beside the others that do
  /// The outermost position of the nest from where on the level holds what is
  /// touched.
  std::optional<unsigned> holds;
};

/// What becomes of sums before they are stored. Accesses are over an index of
/// the contraction's result.
struct Finish {
  Access result;
  llvm::SmallVector<Access> sources; ///< read beside the sums
  double work = 0;                   ///< instructions that compute one element
};

/// Everything a model needs to know about one mapping of one operator.
struct MappedProblem {
  /// Sources in the intrinsic's order; no extent is dynamic (`assumeExtents`).
  Contraction op;
  Matching matching;
  IntrinsicModel intrinsic;
  bool startsAtZero = false;
  std::optional<Finish> finish; ///< nothing: sums are stored as they are
  /// The iteration of the operator whose extent is assumed, if one is.
  std::optional<unsigned> assumed;
  /// Shared by the problems of an operator: what was proved, how tiles lie.
  std::shared_ptr<Solver> solver = std::make_shared<Solver>();
  std::shared_ptr<TileMemory> tileMemory = std::make_shared<TileMemory>();
  /// Per source, whether packing it takes no time of a call (`isPrepacked`).
  llvm::SmallVector<bool> prepacked;

  /// That share the nest on a processor.
  int64_t threads = 1;

  /// Bytes of a cache that each thread has.
  int64_t getCapacity(const Level &level) const {
    return level.capacity / std::clamp<int64_t>(level.issuers, 1, threads);
  }
  bool isPrepacked(unsigned t) const {
    return t < prepacked.size() && prepacked[t];
  }
};

/// The problem that `mapping` makes of `op`; nothing where its numbers are not
/// those of iterations and sources.
std::optional<MappedProblem> getProblem(const ReadContraction &op,
                                        MappingAttr mapping,
                                        const IntrinsicModel &intrinsic);

/// Whether every layout of the mapping performs multiply-adds on padding: the
/// points of the iterations of some group are no multiple of the intrinsic's.
bool mustPad(const MappedProblem &problem);

/// The cost of one schedule, or why it cannot run (E-CAPACITY, E-LAYOUT). The
/// bill behind it is put into `usages`.
std::variant<Cost, Reason> estimateCost(const MappedProblem &problem,
                                        const Schedule &schedule,
                                        std::vector<Usage> *usages = nullptr);

struct Explored {
  Schedule schedule;
  Cost cost;
};

/// `schedule` with its parallel loops in the order, and groups, in which
/// `threads` threads take the fewest cycles. Sums are added as before.
Schedule shareNest(const MappedProblem &problem, const Schedule &schedule,
                   int64_t threads);

/// Cycles that no schedule of the mapping takes fewer of; 0 where nothing is
/// known without exploring.
double getLeastCycles(const MappedProblem &problem);

/// No schedule takes fewer cycles than what was asked for.
struct Slower {};

/// The best schedule the space holds, if it takes fewer than `limit` cycles;
/// the same for the same seed. How sources that the intrinsic
/// reads from memory are brought is proved for few schedules only, since that
/// takes long.
std::variant<Explored, Reason, Slower>
exploreSchedules(const MappedProblem &problem, uint64_t seed,
                 double limit = std::numeric_limits<double>::infinity());

/// A schedule drawn from the same space with no regard to its cost, other than
/// that it can run; nothing when none of a number of draws can. The same for
/// the same seed.
std::optional<Explored> drawSchedule(const MappedProblem &problem,
                                     uint64_t seed);

} // namespace amos

#endif // AMOS_MODEL_COSTMODEL_H
