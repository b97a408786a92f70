//===- Signature.h - What a function looks like from C ----------*- C++ -*-===//
#ifndef AMOS_REPORT_SIGNATURE_H
#define AMOS_REPORT_SIGNATURE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <string>

namespace amos {

/// Who writes a parameter: the caller, the function, or both.
enum class Role { In, Out, InOut };

/// "in", "out", "inout".
llvm::StringRef spell(Role role);

/// An element type that C callers can hold. `name` is MLIR's name for it, but
/// `u8`, `u16`... for integers that are extended without sign.
struct ElementType {
  llvm::StringRef name;
  llvm::StringRef cType;
  int64_t bytes;
};

/// The element type of that name, or null when C callers have no type for it.
const ElementType *findElementType(llvm::StringRef name);

/// Where the elements of a strided buffer lie: element (i, j, ..) is `offset +
/// i * strides[0] + j * strides[1] + ..` elements behind the pointer. A number
/// that the caller passes is `mlir::ShapedType::kDynamic`.
struct StridedLayout {
  int64_t offset = 0;
  llvm::SmallVector<int64_t> strides;
};

/// An `int64_t` that follows a pointer in C; smaller than `least` it is a bad
/// argument.
struct Number {
  std::string name;
  int64_t least;
};

/// How callers pack an argument before they call. The packed form takes `bytes`
/// and is made by the function `packer` of (source, packed).
struct Packing {
  std::string packer;
  int64_t bytes = 0;
};

/// Where packed forms have to be aligned to, in bytes.
constexpr int64_t packedAlignment = 64;

/// One tensor, buffer or scalar that crosses the C interface. Tensors are dense
/// and row-major, buffers are when they have no `layout`; scalars are passed by
/// value and have no shape. A dynamic extent is `mlir::ShapedType::kDynamic`.
struct Parameter {
  std::string name;
  const ElementType *type = nullptr;
  llvm::SmallVector<int64_t> shape;
  std::optional<StridedLayout> layout;
  Role role = Role::In;
  bool isScalar = false;
  /// Of integers that are places in another tensor: they are at least 0 and
  /// below that.
  std::optional<int64_t> below;
  /// Of an argument whose packed form the function takes; `type` and `shape`
  /// are those of what is packed.
  std::optional<Packing> packing;

  unsigned getNumDynamicExtents() const { return getExtents().size(); }
  /// The dynamic extents.
  llvm::SmallVector<Number> getExtents() const;
  /// What follows the pointer: the dynamic extents, a dynamic offset, the
  /// dynamic strides.
  llvm::SmallVector<Number> getNumbers() const;
};

/// The parameters of a C entry: the arguments, then the results. Results are
/// exactly the parameters of role `Out`: an argument that is only written is
/// `InOut`, since its old contents are the caller's.
struct Signature {
  llvm::SmallVector<Parameter, 0> parameters;

  /// The attribute that `amos-record-signature` leaves on functions.
  static constexpr llvm::StringLiteral attributeName = "amos.signature";

  /// Reads the attribute of a function of any dialect; fails with a diagnostic
  /// when it is absent or malformed.
  static mlir::FailureOr<Signature> get(mlir::Operation *function);
  mlir::ArrayAttr getAttr(mlir::MLIRContext *context) const;
};

/// Derives the signature from the types and the body. An argument of integers
/// is unsigned iff every use extends it with `arith.extui`, looking through
/// views and the bodies of linalg ops. Fails with a diagnostic when a type or a
/// name cannot be expressed in C.
mlir::FailureOr<Signature> readSignature(mlir::func::FuncOp function);

} // namespace amos

#endif // AMOS_REPORT_SIGNATURE_H
