//===- Prepacking.h - Arguments that callers pack ---------------*- C++ -*-===//
//
// Private to apply-mapping.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TRANSFORMS_PREPACKING_H
#define AMOS_TRANSFORMS_PREPACKING_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

namespace amos {

/// The arguments of a function that it gets packed, and the functions that pack
/// them.
class Prepacking {
public:
  /// Emits code that fills a packed buffer, the second value, from the first.
  using Filler = llvm::function_ref<void(mlir::OpBuilder &, mlir::Value source,
                                         mlir::Value packed)>;

  /// Fails, with a diagnostic, where an argument is marked that is no tensor or
  /// memref of static shape: nothing else could be packed.
  static mlir::LogicalResult verify(mlir::func::FuncOp function);

  /// Adds a packer for each argument of `function` that is marked.
  explicit Prepacking(mlir::func::FuncOp function);

  /// Whether `value` is an argument that is packed beforehand.
  bool contains(mlir::Value value) const { return arguments.contains(value); }

  /// Reserves room for one more form of `argument`, which `fill` makes when it
  /// is packed. The buffer of it, where `builder` stands.
  mlir::Value add(mlir::OpBuilder &builder, mlir::Value argument,
                  mlir::MemRefType type, Filler fill);

  /// Once no form is missing: passes packed arguments only. One that is read
  /// otherwise too is packed as it lies besides.
  void finish();

private:
  struct Argument {
    mlir::BlockArgument packed; ///< bytes, in the function
    mlir::func::FuncOp packer;
    int64_t bytes = 0;
  };
  mlir::func::FuncOp createPacker(mlir::OpBuilder &builder, unsigned n);
  void keepPlain(mlir::BlockArgument argument);
  void replace(unsigned n);

  mlir::func::FuncOp function;
  llvm::MapVector<mlir::Value, Argument> arguments;
};

} // namespace amos

#endif // AMOS_TRANSFORMS_PREPACKING_H
