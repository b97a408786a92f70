//===- Resolve.h - Machines made from machines in other files ---*- C++ -*-===//
//
// Private to the library.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_ACCELERATORS_RESOLVE_H
#define AMOS_ACCELERATORS_RESOLVE_H

#include "amos/Driver/Accelerators.h"

namespace amos {

/// Parses one file and checks that it holds machines and functions only; null
/// after a report. Machines in it may still extend others.
mlir::OwningOpRef<mlir::ModuleOp> parseAccelerator(mlir::MLIRContext *context,
                                                   const AcceleratorFile &file);

/// Makes machines stand for themselves.
class Resolver {
public:
  /// Appends the files that bases come from to `dependencies`.
  explicit Resolver(std::vector<std::string> &dependencies)
      : dependencies(dependencies) {}

  /// Expands the families of `machine` and puts its base into it. The result is
  /// not verified yet.
  mlir::LogicalResult resolve(AcceleratorOp machine);

private:
  mlir::LogicalResult extend(AcceleratorOp machine);
  mlir::LogicalResult extendFromFile(AcceleratorOp machine);
  mlir::LogicalResult reportCycle(AcceleratorOp machine);

  /// A machine that waits for its base.
  struct Step {
    std::string identity, name;
    mlir::FlatSymbolRefAttr base;
    mlir::Location location;
  };
  std::vector<Step> chain;
  std::vector<std::string> &dependencies;
};

} // namespace amos

#endif // AMOS_ACCELERATORS_RESOLVE_H
