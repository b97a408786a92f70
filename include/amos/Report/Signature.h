//===- Signature.h - What a function looks like from C ----------*- C++ -*-===//
#ifndef AMOS_REPORT_SIGNATURE_H
#define AMOS_REPORT_SIGNATURE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/SmallVector.h"
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

/// One tensor, buffer or scalar that crosses the C interface. Tensors are dense
/// and row-major; scalars are passed by value and have no shape. A dynamic
/// extent is `mlir::ShapedType::kDynamic`.
struct Parameter {
  std::string name;
  const ElementType *type = nullptr;
  llvm::SmallVector<int64_t> shape;
  Role role = Role::In;
  bool isScalar = false;

  unsigned getNumDynamicExtents() const;
};

/// The parameters of a C entry: the arguments, then the results. Results are
/// exactly the parameters of role `Out`: an argument that is only written is
/// `InOut`, since its old contents are the caller's.
struct Signature {
  llvm::SmallVector<Parameter> parameters;

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
