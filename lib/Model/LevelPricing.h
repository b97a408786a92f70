//===- LevelPricing.h - The terms of tiles in shared memories ---*- C++ -*-===//
#ifndef AMOS_LIB_MODEL_LEVELPRICING_H
#define AMOS_LIB_MODEL_LEVELPRICING_H

#include "Price.h"
#include "amos/Mapping/ZeroChunks.h"

namespace amos {

/// Bytes of the staging memory beside chunks: barriers, and what it takes to
/// begin at a multiple of a swizzle's period.
constexpr double ringBytes = 2048;

/// Bytes that a memory behind the staging one delivers at once at full rate.
constexpr double sectorBytes = 32;

/// Bytes of which a group of a cluster brings whole multiples of a box that all
/// need: where a swizzle starts anew.
constexpr int64_t shareBytes = 1024;

/// Prices one schedule for a machine whose tiles are staged.
class LevelPricing {
public:
  LevelPricing(const Arrangement &plan, const Schedule &schedule);

  std::optional<Reason> check() const;
  Cost run(Bill &bill) const;
  int64_t chooseStages() const;

private:
  int64_t getBuffers() const;
  double countSteps(llvm::ArrayRef<int64_t> spans, bool parallel) const;
  double countTiles(const Stream &stream, llvm::ArrayRef<int64_t> spans) const;
  double getRowBytes(const Stream &stream) const;
  double getPitchShare(const Stream &stream) const;
  double getChunkBytes(llvm::StringRef level) const;
  double getStagedBytes(llvm::StringRef level) const;
  double getUnitBytes() const;
  bool isStagedIn(unsigned t, llvm::StringRef level) const;
  std::optional<Reason> checkStages() const;
  std::optional<Reason> checkUnit() const;
  std::optional<Reason> checkBoxes() const;
  double getGroups() const;
  double getWaves() const;
  double getChunkCycles() const;
  double getResident() const;
  double getHandOver() const;
  bool storesBoxes(bool isPart) const;
  double getStoreCycles() const;
  double countGatherers() const;
  double getGather() const;
  double getScattered() const;
  /// Whether units fill a ring of chunks that others read where they lie.
  bool hasRing() const {
    return intrinsic.isSpread() && intrinsic.readsBoxes();
  }
  /// Whether units read sources where they lie, through caches.
  bool isDirect() const;
  double countDistinct(const Stream &source) const;
  double getDirectReads() const;
  double getDirectWait() const;
  const Level &getBehind() const;
  void addDirect(Bill &bill) const;
  double getChunks() const;
  double getRounds() const;
  double getRingCycles() const;
  double getSplits() const;
  double getSumBytes() const;
  bool addsTogether() const;
  double getKernelCycles(double bytes) const;
  double getAddCycles() const;
  double getReorderCycles() const;
  void addRing(Bill &bill) const;
  double getBusyShare() const;
  double getCompute() const;
  double getStageReads() const;
  double getFilled(const Stream &stream, llvm::ArrayRef<int64_t> spans) const;
  double getDrawnShare() const;
  double getSourceBytes(llvm::ArrayRef<int64_t> spans) const;
  int64_t getChunkExtent(unsigned lane) const;
  double countPlaces() const;
  bool isShared(unsigned t) const;
  double countSharers(unsigned t) const;
  double getBroughtBytes(int64_t ports) const;
  std::optional<Reason> checkCluster() const;
  double getResultBytes() const;
  llvm::SmallVector<int64_t> getRoundSpans() const;
  void addBehind(Bill &bill) const;

  const Arrangement &plan;
  const Schedule &schedule;
  const IntrinsicModel &intrinsic;
  const Level *stage = nullptr; ///< nearest memory that sources go through
  llvm::SmallVector<int64_t> groupSpans; ///< per outer loop: steps of one group
  llvm::SmallVector<int64_t>
      chunkSpans;             ///< the same for what is brought at once
  unsigned chunkPosition = 0; ///< of the nest, inside of which a chunk is
  /// Loops over groups, outermost first, and their steps.
  llvm::SmallVector<std::pair<unsigned, int64_t>> groupLoops;
  ZeroChunks zeros;         ///< that a ring does without
  double unitsPerGroup = 1; ///< that work on one group's steps
  double workers = 1;       ///< issuers with a block of their own
};

} // namespace amos

#endif // AMOS_LIB_MODEL_LEVELPRICING_H
