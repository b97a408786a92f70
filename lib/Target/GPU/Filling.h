//===- Filling.h - A shared buffer and the threads that fill it -*- C++ -*-===//
#ifndef AMOS_LIB_TARGET_GPU_FILLING_H
#define AMOS_LIB_TARGET_GPU_FILLING_H

#include "Amos/AmosDialect.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/Builders.h"

namespace amos {

/// The group of threads that run a kernel.
struct ThreadGroup {
  ScopeOp scope;
  AcceleratorOp machine;
  int64_t threads = 1;
  int64_t access = 1; ///< bytes of the widest access to its memories

  static ThreadGroup get(mlir::gpu::LaunchOp launch);
  /// The number of this thread in the group.
  mlir::Value emitThread(mlir::OpBuilder &builder, mlir::Location loc) const;
  void emitSync(mlir::OpBuilder &builder, mlir::Location loc) const;
};

/// One buffer being filled: its elements are dealt out to the threads in pieces
/// as wide as lie side by side in the source too, with conditions that hold for
/// all of a piece or none.
///
/// A target may be swizzled as `LayoutOp` says: then what is written at once is
/// what the swizzle leaves together, put together from several reads if less
/// lies side by side in the source. Where more lies there than conditions hold
/// for, all of it is read and what is not there becomes zero.
class Filling {
public:
  Filling(StageOp op, const ThreadGroup &group,
          llvm::ArrayRef<int64_t> swizzle = {});

  /// A copy of the machine that moves single pieces by itself, to the level of
  /// the buffer, and ends with a group; null if there is none that fits.
  CopyOp findCopy() const;
  /// Has that copy move all pieces of this thread.
  void emitCopies(mlir::OpBuilder &builder, CopyOp copy, mlir::Value thread);

  /// Reads what comes to this thread; values in the order `store` takes them.
  void load(mlir::OpBuilder &builder, mlir::Value thread);
  void store(mlir::OpBuilder &builder);
  /// Both, for as many pieces at a time as registers hold with their addresses.
  void fill(mlir::OpBuilder &builder, mlir::Value thread);

private:
  /// One piece of a thread: where it is, over coordinates and, as the last
  /// dimension, the thread.
  struct Piece {
    llvm::SmallVector<mlir::AffineExpr> at; ///< in the target
    mlir::Value isMine;                     ///< null: always
    mlir::Value value;                      ///< once read
  };

  void leaveUnused();
  bool holdsAlways(mlir::AffineExpr guard) const;
  void mergeDimensions();
  bool canMerge(unsigned d) const;
  bool liesTogether(int64_t width) const;
  bool guardsWhole(mlir::AffineExpr guard, int64_t width) const;
  bool movesTogether(int64_t width) const;
  bool isWholeFor(int64_t width) const;
  std::optional<int64_t> getRowAdvance() const;
  bool goesDownRows() const;
  mlir::AffineConstantExpr getAdvance(mlir::AffineExpr expr, int64_t lane,
                                      int64_t width) const;
  mlir::AffineExpr place(mlir::AffineExpr expr, int64_t lane,
                         int64_t width) const;
  llvm::SmallVector<Piece> dealOut(mlir::OpBuilder &builder,
                                   mlir::Value thread) const;
  mlir::AffineExpr put(mlir::AffineExpr expr, const Piece &piece) const;
  mlir::Value apply(mlir::OpBuilder &builder, mlir::AffineExpr expr,
                    mlir::Value thread) const;
  mlir::Value emitCondition(mlir::OpBuilder &builder, const Piece &piece,
                            mlir::Value thread) const;
  mlir::Value loadIf(mlir::OpBuilder &builder, mlir::Value isThere,
                     const Piece &part, mlir::Value thread) const;
  mlir::Value clear(mlir::OpBuilder &builder, mlir::Value value,
                    llvm::ArrayRef<mlir::Value> conditions) const;
  mlir::Value loadPart(mlir::OpBuilder &builder, const Piece &part,
                       mlir::Value thread) const;
  mlir::Value loadPiece(mlir::OpBuilder &builder, const Piece &piece,
                        mlir::Value thread) const;
  void storePiece(mlir::OpBuilder &builder, mlir::Value flat,
                  const Piece &piece) const;
  mlir::Value flatten(mlir::OpBuilder &builder) const;
  mlir::Value emitSwizzled(mlir::OpBuilder &builder, mlir::Value element) const;
  mlir::AffineExpr linearize(llvm::ArrayRef<mlir::AffineExpr> index,
                             mlir::MemRefType type) const;
  mlir::Value emitAddress(mlir::OpBuilder &builder, mlir::Value memref,
                          mlir::AffineExpr position, mlir::Type pointer,
                          mlir::Value thread) const;

  mutable StageOp op; ///< its accessors are not const
  const ThreadGroup &group;
  mlir::Location loc;
  mlir::Value source, target;
  /// Of the access, with dimensions of the target that go on into each other
  /// as one.
  llvm::SmallVector<mlir::AffineExpr> index, guards;
  llvm::SmallVector<int64_t> extents, strides; ///< of the target
  llvm::SmallVector<mlir::ReassociationIndices> merged;
  unsigned numCoordinates;
  int64_t elementBytes;
  int64_t width = 1;   ///< elements that are there together or not at all
  int64_t loaded = 1;  ///< elements read at once, cleared where not there
  int64_t written = 1; ///< elements of a piece, written at once
  llvm::SmallVector<int64_t> swizzle;
  mlir::Value thread;
  llvm::SmallVector<Piece> pieces;
};

/// Where `buffer` was marked to lie; empty if it was not.
llvm::StringRef getLevelName(mlir::Value buffer);

} // namespace amos

#endif // AMOS_LIB_TARGET_GPU_FILLING_H
