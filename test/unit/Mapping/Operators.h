//===- Operators.h - Operators and intrinsics written as text ---*- C++ -*-===//
#ifndef AMOS_TEST_MAPPING_OPERATORS_H
#define AMOS_TEST_MAPPING_OPERATORS_H

#include "amos/Mapping/Contraction.h"

namespace amos::test {

/// The context of every expression of a test program; single-threaded.
mlir::MLIRContext *getContext();

/// Iterations "n:2 p:14 +r:3" (a plus sign marks a reduction) and one index
/// list per operand, "n,2p+r-1", the destination last. Shapes fit.
Contraction parseContraction(llvm::StringRef iterations,
                             llvm::ArrayRef<llvm::StringRef> indices);

/// Shapes every tensor so that all its indices fit (the largest value + 1).
void fitShapes(Contraction &op);
/// Gives an operand a shape and guards where an index leaves it.
void setShape(Contraction &op, unsigned operand, llvm::ArrayRef<int64_t> shape);
/// The least and the greatest value of `e` over a box from zero.
std::pair<int64_t, int64_t> getRange(mlir::AffineExpr e,
                                     llvm::ArrayRef<int64_t> extents);

/// n,k,p..,c,r..; a depthwise one has no k: n,c,p..,r...
struct Convolution {
  llvm::SmallVector<int64_t> size;   ///< n, k, c
  llvm::SmallVector<int64_t> out;    ///< spatial extents of the result
  llvm::SmallVector<int64_t> window; ///< of the kernel
  int64_t stride = 1, dilation = 1, pad = 0;
  bool isFlipped = false, isDepthwise = false;
};
Contraction getConvolution(const Convolution &convolution);

/// dst[i1, i2] += src1[i1, r1] * src2[r1, i2]
Contraction getMatrixUnit(int64_t m, int64_t n, int64_t k);

/// The fifteen operators of AMOS's evaluation, every extent at least 2, with
/// the numbers of matchings on a matrix unit.
struct Evaluated {
  llvm::StringRef name;
  Contraction op;
  unsigned numComplete, numAmos;
};
std::vector<Evaluated> getEvaluatedOperators();

} // namespace amos::test

#endif // AMOS_TEST_MAPPING_OPERATORS_H
