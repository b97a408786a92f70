//===- KernelWriter.h - A kernel that times its rounds ----------*- C++ -*-===//
//
// Private to the driver.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_KERNELWRITER_H
#define AMOS_DRIVER_KERNELWRITER_H

#include "TimingKernels.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/Builders.h"

namespace amos {

/// Writes one kernel; what stands in front of `repeat` is not timed.
class KernelWriter {
public:
  KernelWriter(mlir::OpBuilder &builder, mlir::Location location)
      : builder(builder), location(location) {}

  /// Begins a kernel in `kernels` for blocks of so many threads.
  void begin(mlir::gpu::GPUModuleOp kernels, llvm::StringRef name,
             int64_t threads);
  /// Runs `body` in each round between two readings of the core's clock and
  /// leaves their difference; as in TimedFunction.
  llvm::SmallVector<mlir::Value>
  repeat(mlir::ValueRange initial,
         llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value round,
                                                           mlir::ValueRange)>
             body);
  void finish();

  mlir::Value getBuffer() { return kernel.getArgument(0); } ///< its address
  mlir::Value getBytes() { return kernel.getArgument(1); }
  mlir::Value constant(int64_t value);
  /// All these are i64.
  mlir::Value getThread();
  mlir::Value getBlock();
  mlir::Value getThreads();
  mlir::Value getBlocks();
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value multiply(mlir::Value a, mlir::Value b);
  mlir::Value remainder(mlir::Value a, mlir::Value b);
  /// A place at `address` in the memory that `pointer` points into.
  mlir::Value getPointer(mlir::Value address, mlir::Type pointer);
  /// The start of the block's shared memory, aligned.
  mlir::Value getShared(int64_t align);
  void synchronize();
  /// Calls `body` with `from`, `from + step`.. below `end`.
  void loop(mlir::Value from, mlir::Value end, mlir::Value step,
            llvm::function_ref<void(mlir::Value)> body);
  /// Carries `carried` through a loop.
  mlir::Value
  fold(mlir::Value from, mlir::Value end, mlir::Value step, mlir::Value carried,
       llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> body);
  /// In one thread of a block only.
  void onFirstThread(llvm::function_ref<void()> body);
  /// Leaves a number of this block, by `offset` places further.
  void leave(mlir::Value number, int64_t offset);

  mlir::OpBuilder &builder;
  mlir::Location location;

private:
  mlir::Value readClock();
  mlir::Value widen(mlir::Value index);

  mlir::gpu::GPUFuncOp kernel;
};

/// A module with one empty `gpu.module` for the machine's target.
mlir::OwningOpRef<mlir::ModuleOp> makeKernelModule(AcceleratorOp machine);
mlir::gpu::GPUModuleOp getKernels(mlir::ModuleOp module);
/// Lowers it for code generation; false after a report.
bool lowerKernels(mlir::ModuleOp module);

/// The scope whose parts are blocks; null where code for no intrinsic can be
/// spread.
ScopeOp findBlockScope(AcceleratorOp machine);

} // namespace amos

#endif // AMOS_DRIVER_KERNELWRITER_H
