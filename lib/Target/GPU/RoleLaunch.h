//===- RoleLaunch.h - Producers and consumers of chunks ---------*- C++ -*-===//
//
// Private to amos-launch-roles.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TARGET_GPU_ROLELAUNCH_H
#define AMOS_TARGET_GPU_ROLELAUNCH_H

#include "SpreadLoops.h"
#include "amos/Mapping/RoleRegisters.h"
#include "amos/Mapping/StageCopy.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"

namespace amos {

/// Every slot starts at a multiple of this many bytes, the largest alignment
/// that a swizzled layout asks for.
constexpr int64_t slotAlignment = 1024;

/// Bytes that a lane reads of another group's memory at once.
constexpr int64_t pieceBytes = 16;

/// The ring of slots in shared memory: buffers, then barriers.
struct Ring {
  llvm::SmallVector<mlir::Value> buffers; ///< as the nest has them
  llvm::SmallVector<int64_t> offsets;     ///< of each in a slot
  int64_t slotBytes = 0;                  ///< of all buffers
  int64_t copiedBytes = 0; ///< that the engine brings into one slot
  int64_t slots = 0, barrierBytes = 0;
  int64_t outBytes = 0; ///< behind the slots: what results are stored from

  int64_t getBytes() const {
    return slots * (slotBytes + 2 * barrierBytes) + outBytes + slotAlignment;
  }
};

/// How an engine stores results: each unit writes panels to buffers of its own,
/// which the engine reads meanwhile.
struct OutPanels {
  CopyOp copy; ///< null: units store themselves
  GroupOp group;
  int64_t buffers = 0, rows = 0, columns = 0;
  mlir::Type elementType;
  mlir::Value descriptor; ///< on the host

  int64_t getBytes() const; ///< of one buffer, where the next one may start
};

/// Partial sums of groups that start together: each holds its own in shared
/// memory, and sums up a share of what all of them hold. The loop that would
/// add them behind the nest goes away, and so does the memory between.
struct ClusterSums {
  ClusterOp
      cluster; ///< null: partial sums, if there are any, go through memory
  int64_t parts = 1;
  llvm::SmallVector<int64_t> loops; ///< over groups, which number the parts
  mlir::memref::AllocOp partials;
  mlir::scf::ParallelOp adding;
  llvm::SmallVector<StoreOp> stores; ///< of the nest, one for each tile
  unsigned along = 0;                ///< the tile's dimension side by side
  int64_t rows = 1, columns = 1;     ///< of a tile as it lies there
  int64_t pitch = 1;                 ///< elements from row to row
  int64_t tileBytes = 0;
  llvm::SmallVector<mlir::IRMapping> stored; ///< the nest's values, per store
};

/// What moves a copy's box on by one of its rows: a coordinate, and by how much
/// it has to grow.
struct RowStep {
  unsigned coordinate;
  int64_t step;
};

/// Chunks that neighbours of a cluster need all and bring once.
struct SharedChunks {
  int64_t groups = 1; ///< that share, one: nobody does
  /// Per stage, how each brings its share of rows; nothing where a group brings
  /// all, for itself.
  llvm::SmallVector<std::optional<RowStep>> rows;
};

/// One nest on its way to a kernel of producers and consumers.
class RoleLaunch {
public:
  explicit RoleLaunch(SpreadLoops nest)
      : loops(nest), builder(nest.groups), loc(nest.groups.getLoc()) {}

  /// Finds stages, barrier and ring; an error if they fit no scheme.
  mlir::LogicalResult read();
  void emit();

private:
  mlir::LogicalResult readStages();
  mlir::LogicalResult readBarrier(StageOp stage);
  void readInvocations();
  mlir::LogicalResult readRing();
  void readSlots();
  void readStores();
  bool readSums();
  bool readAddends();
  ClusterOp findCluster();
  void readShared();
  int64_t getClusterSize() const;
  void limitPlaces();
  bool layOutSums();
  int64_t getAddendBytes() const;
  int64_t getSumBytes() const;
  mlir::Value getDescriptor(StageOp stage);
  mlir::Value getDescriptor(StoreOp store);
  mlir::Value getOutPanels();
  void emitStore(StoreOp store, mlir::IRMapping &map);
  int64_t countChunks();

  void emitRing();
  mlir::Value getAddress(mlir::Value bytes);
  mlir::Value getBarrier(mlir::Value slot, bool isEmpty);
  void prefetchDescriptors();
  void emitBarriers(mlir::Value number);
  void emitIf(mlir::Value condition, llvm::function_ref<void()> body);
  void onElected(llvm::function_ref<void()> body);
  void emitBudget(mlir::Region &region, int64_t registers);
  mlir::gpu::LaunchOp createLaunch();
  void emitRoles(mlir::Value number);
  void emitProducer(mlir::Value number);
  void emitConsumer(mlir::Value number);
  void emitParts(
      llvm::function_ref<mlir::Value(mlir::IRMapping &, mlir::Value)> body);
  mlir::Value produce(mlir::Block &block, mlir::IRMapping &map,
                      mlir::Value number);
  mlir::Value consume(mlir::Block &block, mlir::IRMapping &map,
                      mlir::Value number);
  llvm::SmallVector<mlir::Value> emitRole(mlir::Block &block,
                                          mlir::IRMapping &map,
                                          mlir::Value number, bool isProducer);
  mlir::Value cloneLoop(mlir::scf::ForOp loop, mlir::IRMapping &map,
                        mlir::Value number, bool isProducer);
  mlir::Value cloneBranch(mlir::scf::IfOp branch, mlir::IRMapping &map,
                          mlir::Value number, bool isProducer);
  mlir::Value cloneAround(mlir::Operation &op, mlir::IRMapping &map,
                          mlir::Value number, bool isProducer);
  mlir::Value createWord(int64_t value);
  mlir::Value countOn(mlir::Value number);
  /// The slot of a chunk, and the parity of the rounds of the ring before.
  struct Place {
    mlir::Value slot, phase;
  };
  Place locate(mlir::Value number);
  void bringChunk(mlir::IRMapping &map, mlir::Value number);
  void bringOwnChunk(mlir::IRMapping &map, mlir::Value number);
  void gather(mlir::IRMapping &map, mlir::Value slot, mlir::Value full);
  void mapBuffers(mlir::IRMapping &map, mlir::Value slot);
  mlir::Value addShare(mlir::Value value, int64_t step);
  void emitBox(StageOp stage, mlir::IRMapping &map, int64_t panel,
               llvm::SmallVectorImpl<mlir::Value> &values);
  void issueCopies(StageOp stage, mlir::IRMapping &map, mlir::Value slot,
                   mlir::Value full);
  mlir::Value emitNeighbour();
  mlir::Value emitRank(int64_t neighbour);
  mlir::Value emitReceivers(mlir::Type type);
  void arriveEmpty(mlir::Value slot);
  mlir::Value beginChunk(mlir::IRMapping &map, mlir::Value number);
  void endChunk(mlir::Value slot);

  llvm::SmallVector<mlir::Value> splitGroup(mlir::Value group);
  void meetGroup();
  void meetCluster();
  mlir::Value getSumOffset(size_t tile);
  void emitAddend(StoreOp store, mlir::IRMapping &map);
  void finishSums();
  void sumTile(size_t tile);
  void sumPieces(size_t tile, llvm::ArrayRef<mlir::Value> pieces);
  llvm::SmallVector<mlir::Value> readPiece(size_t tile, mlir::Value piece);
  void finishPiece(size_t tile, mlir::Value piece, mlir::ValueRange addends);
  void finishElement(StoreOp store, llvm::ArrayRef<mlir::OpFoldResult> at,
                     mlir::ValueRange addends, int64_t e, mlir::IRMapping &map);
  bool storesSideBySide(mlir::memref::StoreOp finish, StoreOp store,
                        int64_t count) const;
  void storeElements(StoreOp store,
                     llvm::MutableArrayRef<mlir::IRMapping> finished);
  void emitWhere(mlir::IntegerSetAttr guards,
                 llvm::ArrayRef<mlir::OpFoldResult> at,
                 llvm::function_ref<void()> body);

  SpreadLoops loops;
  mlir::OpBuilder builder;
  mlir::Location loc;
  llvm::SmallVector<StageOp> stages;
  /// Per stage, on the host; null where no engine brings it.
  llvm::SmallVector<mlir::Value> descriptors;
  BarrierOp barrier;
  FenceOp fence; ///< that makes what is gathered visible, null if none has to
  GroupOp group; ///< that invocations end in, null if they end on return
  RoleRegisters registers;
  OutPanels out;
  ClusterSums sums;
  SharedChunks shared;
  Ring ring;
  int64_t consumers = 1, producers = 1, places = 1;
  int64_t lanes = 1;        ///< of a unit
  int64_t accumulators = 0; ///< registers of a lane
  bool gathers = false;     ///< lanes bring some chunk, no engine does
  bool asks = false;        ///< an engine brings some
  mlir::Value pool, start,
      unit;                ///< shared memory, aligned start in it, own number
  mlir::Value isFirstPart; ///< of the unit
  mlir::Value producer;    ///< number of a unit that brings chunks
};

mlir::Value createIndex(mlir::OpBuilder &builder, mlir::Location loc,
                        int64_t value);

/// `index` as a value of another integer type.
mlir::Value castTo(mlir::OpBuilder &builder, mlir::Location loc,
                   mlir::Value index, mlir::Type type);

/// The copy that a stage names, null if it names none.
CopyOp getCopy(StageOp stage);

/// The layout in which an intrinsic reads the stage's buffer; null if tiles are
/// loaded from it.
LayoutOp getReadLayout(StageOp stage);

/// The part of that name and kind, null if there is none.
template <typename PartOp>
PartOp findPart(AcceleratorOp machine, llvm::StringRef name) {
  return llvm::dyn_cast_or_null<PartOp>(
      mlir::SymbolTable::lookupSymbolIn(machine, name));
}

} // namespace amos

#endif // AMOS_TARGET_GPU_ROLELAUNCH_H
