//===- Arrangement.h - A mapping laid out, ready to be priced ---*- C++ -*-===//
//
// What every schedule of one order and form of a mapping has in common: the
// loops around the intrinsic and how each operand would be read.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_LIB_MODEL_ARRANGEMENT_H
#define AMOS_LIB_MODEL_ARRANGEMENT_H

#include "amos/Mapping/TileAccess.h"
#include "amos/Model/CostModel.h"
#include <array>
#include <vector>

namespace amos {

/// Tells how far an index expression reaches, over and over: the expression as
/// steps on a stack, since walking it is what exploring would mostly do.
class Width {
public:
  explicit Width(mlir::AffineExpr expr) { append(expr); }

  /// Largest minus smallest value while dimension d takes `spans[d]` steps;
  /// exact for linear expressions.
  int64_t evaluate(llvm::ArrayRef<int64_t> spans) const;

private:
  enum class Step : uint8_t { Dim, Constant, Add, Mul, Div, Mod };
  void append(mlir::AffineExpr expr);

  llvm::SmallVector<std::pair<Step, int64_t>, 8> steps;
};

/// A condition that may fail, and how many steps of each outer loop have to be
/// split off so that it need not be asked.
struct StreamGuard {
  llvm::SmallVector<int64_t> borders;
  bool isByLane = false; ///< elements of a tile differ

  bool isAsked(llvm::ArrayRef<int64_t> block) const;
};

/// One operand as the innermost loops read it, under one staging.
struct Stream {
  Access access;                   ///< over outer loops followed by lanes
  llvm::SmallVector<Width> widths; ///< per coordinate of `access`
  uint64_t loops = 0;              ///< bit o: depends on outer loop o
  TileAccess tile;
  Staging staging = Staging::Direct;
  int64_t elements = 0;    ///< of the tile, each counted once
  double elementBytes = 0; ///< may be below 1
  double heldBytes = 0;    ///< of an element in registers, which loads widen to
  double tileBytes = 0;    ///< as it lies in registers
  /// Bytes that one step of each outer loop moves the tile, at the first one.
  llvm::SmallVector<int64_t> strides;
  std::vector<StreamGuard> guards;
  double runBytes = 0;      ///< side by side along some coordinate of a tile
  int64_t gatherWidth = 1;  ///< elements that a lane gathers at once
  unsigned divisions = 0;   ///< in the address, by values known at run time
  double stagedBytes = 0;   ///< size of the buffer staging fills
  double movedElements = 0; ///< by a copy, in transposed blocks of no more ..
  int64_t movedRows = 1, movedColumns = 1; ///< .. than that, ..
  double movedVectors = 0;                 ///< .. and in accesses of full width

  bool dependsOn(unsigned loop) const { return loops >> loop & 1; }
  double getPackedTileBytes() const { return elements * elementBytes; }
  /// Conditions that are left to be asked at every tile of blocks of this size;
  /// or at every element of it, which are not loaded together then.
  unsigned countGuards(llvm::ArrayRef<int64_t> block) const;
  bool isGuardedByElement(llvm::ArrayRef<int64_t> block) const;
};

struct Arrangement {
  const MappedProblem *problem = nullptr;
  MappedAccesses mapped;
  /// Of the outer loops, then of the intrinsic's iterations.
  llvm::SmallVector<int64_t> extents;
  int64_t access = 1; ///< bytes of the widest access of a lane
  /// Per source, by `Staging`; nothing where a staging is impossible.
  std::vector<std::array<std::optional<Stream>, 5>> sources;
  Stream destination; ///< sums
  Stream stored;      ///< what becomes of them, and what is read for it
  std::vector<Stream> finishing;
  /// The source of which one tile at a time is held in registers.
  unsigned streamed = 0;
  /// Where nests are spread: per source, the intrinsic's iterations that it
  /// has, the one that runs along memory last.
  llvm::SmallVector<llvm::SmallVector<unsigned>> laneOrders;
  /// How a lane stores a tile: the accesses, with those to what it reads for
  /// it, and whether an engine may store it.
  struct Store {
    double accesses = 0;
    bool inBoxes = false;
  };
  Store store;           ///< of results
  Store partialStore;    ///< of sums that others are added to
  uint32_t gathered = 0; ///< bit t: lanes gather source t, no copy brings it

  unsigned getNumOuter() const { return mapped.outer.size(); }
  int64_t getExtent(unsigned loop) const { return extents[loop]; }
  const Stream &getSource(unsigned t, const Schedule &schedule) const {
    return *sources[t][unsigned(schedule.staging[t])];
  }
};

/// `schedule` says order and form. The arrangement refers to `problem`.
Arrangement arrange(const MappedProblem &problem, const Schedule &schedule);

/// Fills in which guards of `stream.access` may fail, but for those of one
/// parallel loop: they fail at its end only, where the loop is split.
void findGuards(Stream &stream, const Arrangement &plan);

/// Elements of source `t` that a lane moves at once to where an intrinsic reads
/// it, if `access` says how it lies: side by side along the coordinate that is
/// contiguous there, and aligned.
int64_t getGatherWidth(const Arrangement &plan, unsigned t,
                       const Access &access);

} // namespace amos

#endif // AMOS_LIB_MODEL_ARRANGEMENT_H
