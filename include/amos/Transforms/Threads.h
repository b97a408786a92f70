//===- Threads.h - Loops that threads share ---------------------*- C++ -*-===//
#ifndef AMOS_TRANSFORMS_THREADS_H
#define AMOS_TRANSFORMS_THREADS_H

#include "amos/Report/Entry.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace amos {

/// On an `scf.parallel` whose steps are threads.
constexpr llvm::StringLiteral threadLoopName = "amos.thread_loop";

/// What `function` says, 1 if nothing.
int64_t getThreads(mlir::func::FuncOp function);

/// Prints what is wrong with what `function` says.
mlir::LogicalResult verifyThreads(mlir::func::FuncOp function);

/// What `name` of OpenMP's runtime, a function that takes nothing, answers.
mlir::Value askRuntime(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::ModuleOp module, llvm::StringRef name);

/// Of some steps, those that a thread does.
struct ThreadShare {
  mlir::Value low, high;
};

/// Less work than that is not worth a thread: a few microseconds. Counted in
/// elements that are moved, or as many multiply-adds as a vector has.
constexpr double leastWork = 32768;
constexpr double multiplyAddsPerWork = 16;

/// Opens a loop over `threads` threads, fewer if there is less to do, and
/// leaves `builder` in its body. Each does neighbouring ones of `steps` steps,
/// which take `work` each.
ThreadShare openThreads(mlir::OpBuilder &builder, mlir::Location loc,
                        int64_t threads, mlir::Value steps, double work);

} // namespace amos

#endif // AMOS_TRANSFORMS_THREADS_H
