//===- MappedNest.h - The loops of a scheduled mapping ----------*- C++ -*-===//
//
// Private to apply-mapping: one contraction on buffers, about to become loops
// over tiles.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TRANSFORMS_MAPPEDNEST_H
#define AMOS_TRANSFORMS_MAPPEDNEST_H

#include "OuterRange.h"
#include "amos/Mapping/Borders.h"
#include "amos/Mapping/Epilogue.h"
#include "amos/Mapping/PackedTiles.h"
#include "amos/Mapping/Shares.h"
#include "amos/Mapping/StageCopy.h"
#include "amos/Mapping/TileAccess.h"
#include "amos/Mapping/ZeroChunks.h"
#include "amos/Transforms/Threads.h"
#include "mlir/IR/Builders.h"

namespace amos {

/// A source whose tiles were stored beforehand, one after the other in the
/// order of use.
struct PackedTiles {
  mlir::Value buffer;
  PackedLayout layout;
};

/// A source of which each step of the chunk loops brings a part to a buffer
/// that several units share.
struct SharedChunk {
  mlir::Value buffer;
  /// The outer loop that each dimension of the buffer steps through, or a lane
  /// of the intrinsic, counted from the number of outer loops on.
  llvm::SmallVector<unsigned> dims;
  OuterRanges bases; ///< where the chunk starts
};

/// Element x of the destination starts from element `map(x)` of a buffer.
struct InitialSums {
  mlir::Value buffer;
  mlir::AffineMap map;
};

/// The steps of a nest that threads share, and those of one of them.
struct SharedSteps {
  llvm::SmallVector<std::pair<SharedLoop, mlir::Value>> loops; ///< with trips
  ThreadShare share;
};

/// An epilogue on buffers.
struct StoredEpilogue {
  Epilogue epilogue;
  mlir::Value target;
  llvm::SmallVector<mlir::Value> sources; ///< in the order of the epilogue's
};

/// On a loop that has to stay one: unrolled, what its steps read again would
/// take registers that nobody counted.
constexpr llvm::StringLiteral rolledName = "amos.rolled";

class MappedNest {
public:
  /// `buffers` are memrefs in the order of `op.operands`, null where the nest
  /// does not look: of what is packed beforehand, and for `emitPacking` of all
  /// but what it packs. `init` is what accumulation starts from, nothing for
  /// zero. `copies` is what `planStages` says of the schedule.
  MappedNest(mlir::OpBuilder &builder, mlir::Location loc, Contraction op,
             IntrinsicOp intrinsic, const Matching &matching,
             const Schedule &schedule, const StageCopies &copies,
             mlir::ValueRange buffers, std::optional<InitialSums> init);

  /// Sums are finished by `stored` when all of them is added.
  void setEpilogue(StoredEpilogue stored) { epilogue = std::move(stored); }
  /// Emits staging, then the nest.
  void emit();
  /// The buffer that the nest fills.
  mlir::Value getResult() const {
    return epilogue ? epilogue->target : buffers.back();
  }

  /// Whether all tiles of `operand`, a source staged as `pack`, are known
  /// before any extent is.
  bool canPrepack(unsigned operand) const;
  /// The buffer that `operand` is packed into; canPrepack holds.
  mlir::MemRefType getPackedType(unsigned operand) const;
  /// `value`, a constant, packed as `operand`.
  mlir::DenseElementsAttr packConstant(unsigned operand,
                                       mlir::ElementsAttr value) const;
  /// Emits no more than the loops that pack `operand` into `buffer`.
  void emitPacking(unsigned operand, mlir::Value buffer);
  /// From now on, finds `operand` packed in `buffer`.
  void setPacked(unsigned operand, mlir::Value buffer);

private:
  using Body = llvm::function_ref<llvm::SmallVector<mlir::Value>(
      const OuterRanges &, mlir::ValueRange)>;
  using Loops = llvm::ArrayRef<Schedule::Loop>;

  void copySource(unsigned operand);
  void reorderOperand(unsigned operand);
  bool isAbsorbedByZero(const Access &access) const;
  bool isZeroElsewhere(unsigned operand, mlir::AffineExpr guard) const;
  PackedLayout getLayout(unsigned operand) const;
  mlir::AffineMap getPackedIndex(const PackedTiles &tiles,
                                 unsigned operand) const;
  void packSource(unsigned operand);
  // A nest that threads share; see SharedNest.cpp.
  /// Runs the whole range of `loops`, which is `work` for `openThreads`, in as
  /// many threads as the function says.
  void emitShared(Loops loops, double work, bool sharesReductions, Body body);
  mlir::Value countSteps(const SharedLoop &loop);
  std::optional<ThreadShare> getOwnSteps(const Schedule::Loop &loop,
                                         const OuterRanges &ranges);
  void enterOwnStep(const Schedule::Loop &loop, const OuterRanges &ranges,
                    mlir::OpFoldResult number);
  std::pair<mlir::Value, mlir::Value> clip(const Schedule::Loop &loop,
                                           const OuterRanges &ranges,
                                           mlir::Value low, mlir::Value high);
  /// Runs the whole range of `loops`, splitting off remainders and the steps at
  /// its ends where a guard may fail. `carried` goes through every loop.
  llvm::SmallVector<mlir::Value> emitLoops(Loops loops, OuterRanges ranges,
                                           mlir::ValueRange carried, Body body);
  llvm::SmallVector<mlir::Value> emitSteps(Loops loops, OuterRanges ranges,
                                           StepRange steps,
                                           mlir::ValueRange carried, Body body);
  llvm::SmallVector<mlir::Value> emitUnknownLoop(Loops loops,
                                                 OuterRanges ranges,
                                                 mlir::ValueRange carried,
                                                 Body body);
  llvm::SmallVector<mlir::Value> emitFor(Loops loops, OuterRanges ranges,
                                         mlir::Value low, mlir::Value high,
                                         OuterRange inside,
                                         mlir::ValueRange carried, Body body);
  llvm::SmallVector<mlir::Value> emitRemainder(Loops loops, OuterRanges ranges,
                                               int64_t done,
                                               mlir::ValueRange carried,
                                               Body body);
  void emitTiles(Loops reductions, const OuterRanges &ranges, bool isReadBack);
  llvm::SmallVector<mlir::Value> emitInvocations(const OuterRanges &ranges,
                                                 mlir::ValueRange accumulators);
  void copyInit();
  void initializeDestination();
  bool isWrittenWhole() const;

  // A nest that is spread over parts of the machine; see SpreadNest.cpp.
  void emitSpread();
  void planStore();
  void addOverruns(OuterRanges &ranges) const;
  mlir::scf::ParallelOp openParts(Loops loops, OuterRanges &ranges,
                                  llvm::StringRef scope);
  // Partial sums of groups that share a reduction; see PartialSums.cpp.
  void allocatePartials(Loops groups);
  void numberPart(Loops groups, const OuterRanges &ranges);
  std::optional<unsigned> getSharedLoop() const;
  Access getPartialAccess(unsigned shared) const;
  void storePartial(mlir::Value tile, OuterRanges ranges,
                    llvm::ArrayRef<int64_t> offsets);
  void addPartials();
  void storeWhole(mlir::OpBuilder &nested, mlir::Value sum,
                  mlir::ValueRange element);
  size_t countChunkLoops(Loops reductions) const;
  void allocateChunk(unsigned operand);
  void fillChunk(unsigned operand, const OuterRanges &ranges);
  // Chunks that the intrinsic reads where they are; see PanelNest.cpp.
  void allocatePanels(unsigned operand);
  void fillPanels(unsigned operand);
  mlir::Value loadFromPanels(unsigned operand, const OuterRanges &ranges,
                             llvm::ArrayRef<int64_t> offsets);
  OuterRanges getChunkBases(const OuterRanges &ranges) const;
  mlir::OpFoldResult getStepInChunk(const SharedChunk &chunk,
                                    const OuterRanges &ranges, unsigned outer);
  mlir::Value loadFromChunk(unsigned operand, const OuterRanges &ranges,
                            llvm::ArrayRef<int64_t> offsets);
  mlir::Value emitAddsSomething(const OuterRanges &ranges);
  llvm::SmallVector<mlir::Value> emitUnlessZero(const OuterRanges &ranges,
                                                mlir::ValueRange carried,
                                                Body body);
  llvm::SmallVector<mlir::Value> emitReduction(Loops reductions,
                                               const OuterRanges &ranges,
                                               mlir::ValueRange accumulators);

  bool dependsOn(unsigned operand, unsigned outer) const;
  bool slidesOverBlock(unsigned outer) const;
  llvm::SmallVector<Interval> getBox(const OuterRanges &ranges) const;
  StepRange getWholeSteps(const Schedule::Loop &loop,
                          const OuterRanges &ranges) const;
  bool addsNothing(const OuterRanges &ranges,
                   llvm::ArrayRef<int64_t> offsets) const;
  /// Calls `visit` with every combination of the steps left of the loops
  /// `operand` depends on, the last loop fastest.
  void forEachOffset(const OuterRanges &ranges,
                     llvm::function_ref<bool(unsigned)> isVaried,
                     llvm::function_ref<void(llvm::ArrayRef<int64_t>)> visit);
  void forEachTile(unsigned operand, const OuterRanges &ranges,
                   llvm::function_ref<void(llvm::ArrayRef<int64_t>)> visit);
  llvm::SmallVector<int64_t> project(unsigned operand,
                                     llvm::ArrayRef<int64_t> offsets) const;
  TileIndex indexTile(unsigned operand, const OuterRanges &ranges,
                      llvm::ArrayRef<int64_t> offsets) const;
  mlir::Value loadTile(unsigned operand, mlir::Value buffer,
                       const OuterRanges &ranges,
                       llvm::ArrayRef<int64_t> offsets);
  mlir::Value loadSums(const OuterRanges &ranges,
                       llvm::ArrayRef<int64_t> offsets, bool isReadBack);
  mlir::Value loadSource(unsigned operand, const OuterRanges &ranges,
                         llvm::ArrayRef<int64_t> offsets);
  mlir::Value emitIsLast(const OuterRanges &ranges);
  void storeTiles(mlir::ValueRange tiles, const OuterRanges &ranges,
                  bool isFinal);
  void storeTile(mlir::Value tile, const OuterRanges &ranges,
                 llvm::ArrayRef<int64_t> offsets);
  void storeFinished(mlir::Value tile, const OuterRanges &ranges,
                     llvm::ArrayRef<int64_t> offsets);
  void nameCopy(StoreOp store, const OuterRanges &ranges,
                llvm::ArrayRef<int64_t> offsets);
  llvm::SmallVector<mlir::Value> indexPacked(const PackedTiles &packed,
                                             const OuterRanges &ranges,
                                             llvm::ArrayRef<int64_t> offsets);
  mlir::Value getPosition(const OuterRange &range, int64_t divisor);
  mlir::Value getPositionInBlock(const OuterRange &range, int64_t outer,
                                 int64_t offset);
  /// The number of steps of an outer loop.
  mlir::OpFoldResult getSteps(unsigned outer);
  mlir::Value evaluate(mlir::AffineExpr overParameters);
  mlir::Value advance(const OuterRange &range, int64_t steps);
  OuterRanges getFullRanges() const;

  mlir::OpBuilder &builder;
  mlir::Location loc;
  Contraction op;
  IntrinsicOp intrinsicOp;
  Contraction intrinsic;
  Schedule schedule;
  MappedAccesses mapped;
  llvm::SmallVector<mlir::Value> buffers;
  llvm::SmallVector<mlir::Value> parameters; ///< of `op`, as they run
  std::optional<InitialSums> init;
  std::optional<StoredEpilogue> epilogue;
  std::optional<StageCopy> storeCopy; ///< what stores results, if not the units
  llvm::SmallVector<TileType> tileTypes;
  llvm::SmallVector<llvm::SmallVector<unsigned>> lanes; ///< per operand
  llvm::SmallVector<int64_t> laneExtents;
  llvm::SmallVector<std::optional<PackedTiles>> packed;
  llvm::SmallVector<std::optional<SharedChunk>> chunks;
  StageCopies copies;
  llvm::SmallVector<int64_t> chunkSpans; ///< steps of each outer loop
  OuterRanges groupRanges;               ///< what one group of units does
  ZeroChunks zeros;                      ///< that need not be brought
  bool assumesFinite = false;            ///< no float is an Inf or NaN
  int64_t threads = 1;                   ///< of the function, see getThreads
  std::optional<SharedSteps> own;        ///< where the nest is shared
  /// Sums of each part of a reduction that groups share, the part being the
  /// first dimension; null if they share none.
  mlir::Value partials;
  mlir::Value part; ///< the number of the group's
  /// Steps at which guards may fail become code of their own.
  bool splitsPartialSteps = true;
};

/// A new buffer of this shape, which outlives the nest.
mlir::Value createBuffer(mlir::OpBuilder &builder, mlir::Location loc,
                         llvm::ArrayRef<mlir::OpFoldResult> shape,
                         mlir::Type element);

/// The guards as `amos.load` takes them, null if there are none.
mlir::IntegerSetAttr getGuards(const TileIndex &index);

/// Fills a new buffer with the hull of what `access` reads of `buffer`.
mlir::Value copyOperand(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::Value buffer, const Access &access,
                        const CopiedHull &hull);

} // namespace amos

#endif // AMOS_TRANSFORMS_MAPPEDNEST_H
