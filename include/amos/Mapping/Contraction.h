//===- Contraction.h - Operators and intrinsics as one structure -*- C++
//-*-===//
//
// An operator is  dst[f_0(x)] += F(src_1[f_1(x)], .., src_m[f_m(x)])  for every
// point x of a box of iterations. An intrinsic is the same thing over a smaller
// box, so both are a `Contraction` and are compared as such.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_MAPPING_CONTRACTION_H
#define AMOS_MAPPING_CONTRACTION_H

#include "Amos/AmosDialect.h"
#include "amos/Mapping/Epilogue.h"
#include "amos/Mapping/Reason.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/AffineMap.h"
#include "llvm/ADT/SmallVector.h"
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace amos {

/// One loop. The extent is `ShapedType::kDynamic` when it is not known.
struct Iteration {
  std::string name;
  int64_t extent;
  bool isReduction;
  bool isAssumed = false; ///< not known, but priced as if it were `extent`
  bool isPhase = false;   ///< of a lift (amos/Mapping/Lift.h)

  bool isUnknown() const {
    return isAssumed || mlir::ShapedType::isDynamic(extent);
  }
};

/// Element `index(x)` of a tensor of extents `shape` where every guard is >= 0,
/// the padding value (zero) elsewhere; a destination is not written elsewhere.
struct Access {
  mlir::AffineMap index;
  llvm::SmallVector<int64_t> shape;
  llvm::SmallVector<mlir::AffineExpr> guards;
  mlir::Type elementType;
  /// Elements from one index of a dimension to the next; empty if the tensor is
  /// dense and row-major. `ShapedType::kDynamic` if it is not known.
  llvm::SmallVector<int64_t> strides;
};

struct Contraction {
  llvm::SmallVector<Iteration> iterations;
  /// The sources, then the destination. Dimension v of every expression is
  /// iteration v; there are no symbols.
  llvm::SmallVector<Access> operands;
  /// Points at which a source reads zero add nothing, as in a product.
  bool ignoresZeros = true;

  unsigned getDestination() const { return operands.size() - 1; }
  llvm::SmallVector<int64_t> getExtents() const;
  /// The iterations of dynamic extent, ascending. In index functions, symbol j
  /// is the extent of the j-th of them: a parameter, positive where there is a
  /// point at all.
  llvm::SmallVector<unsigned> getParameters() const;
  /// The extent as a constant, or the parameter that it is.
  mlir::AffineExpr getExtent(unsigned iteration) const;
  /// Whether index or guards of `operand` use `iteration`.
  bool dependsOn(unsigned operand, unsigned iteration) const;
  /// Column v of the access matrix: bit t is set iff operand t depends on v.
  /// Operands beyond the 32nd have no bit.
  uint32_t getSignature(unsigned iteration) const;
};

/// `op` with source `sources[t]` in place t, as a mapping's `operands` say.
Contraction permuteSources(const Contraction &op,
                           llvm::ArrayRef<int64_t> sources);

/// A dimension of an operand, by their numbers, that `iteration` indexes alone:
/// its extent is the iteration's. Nothing when there is none.
std::optional<std::pair<unsigned, unsigned>> findExtent(const Contraction &op,
                                                        unsigned iteration);

/// `op` with each unknown extent, of iterations and shapes, assumed to be
/// `extent`: a representative that can be priced.
Contraction assumeExtents(const Contraction &op, int64_t extent);

struct Lift;

/// A contraction together with the values it is read from: for a tensor behind
/// a `tensor.pad` of zeros or a transpose those of what is padded or
/// transposed.
struct ReadContraction {
  Contraction contraction;
  /// In the order of `contraction.operands`.
  llvm::SmallVector<mlir::Value> values;
  /// The destination starts at zero (a `linalg.fill`), its old value is unused.
  bool startsAtZero = false;
  /// What element x of the destination starts from: element `initMap(x)` of
  /// `init`, which is smaller where it is broadcast.
  mlir::Value init;
  mlir::AffineMap initMap;
  /// The operator that `contraction` is over other iterations, where it is.
  std::shared_ptr<const Lift> lift;
  /// What sums become before they are stored, where the op says so.
  std::optional<Epilogue> epilogue;
};

/// Whether `op` accumulates something of at least two sources: what mappings
/// are sought for. Elementwise ops and plain reductions are none.
bool isContraction(mlir::linalg::LinalgOp op);

/// Reads `dst += F(..)` off a linalg op on tensors or memrefs, or says why it
/// is none. Sources are read where they come from, behind transposes and (with
/// guards, and where zeros add nothing) pads of zeros; an image with zeros
/// between its elements makes it an operator over phases (amos/Mapping/Lift.h)
/// where a zero times what it meets is zero. An attribute
/// `amos.iterations` of strings names the iterations, else they are d0, d1, ..
std::variant<ReadContraction, Reason>
readContraction(mlir::linalg::LinalgOp op);

/// The op that an intrinsic is declared to compute.
mlir::linalg::LinalgOp getSemantics(IntrinsicOp intrinsic);

/// Reads an intrinsic's semantics; parallel iterations are called i1, i2, ..,
/// reductions r1, r2, .. The verifier of the dialect makes sure that there is
/// exactly one linalg op with static extents and permuted accesses.
Contraction readIntrinsic(IntrinsicOp intrinsic);

} // namespace amos

#endif // AMOS_MAPPING_CONTRACTION_H
