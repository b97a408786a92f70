//===- MachineSession.h - What the verbs of `target` start with -*- C++ -*-===//
//
// Private to the driver.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_MACHINESESSION_H
#define AMOS_DRIVER_MACHINESESSION_H

#include "amos/Driver/Accelerators.h"
#include "amos/Driver/Diagnostics.h"
#include "amos/Driver/ExitCode.h"
#include <memory>

namespace amos {

/// A context that knows every dialect and prints diagnostics, without threads,
/// so that a process may be forked from it.
class MachineSession {
public:
  MachineSession();

  /// Reads the machines behind `target`, in one module each. After a report:
  /// Usage when there are no such machines, Input when one is wrong.
  ExitCode read(llvm::StringRef target);

  struct Machine {
    AcceleratorFile file;
    mlir::OwningOpRef<mlir::ModuleOp> module;
  };
  llvm::ArrayRef<Machine> getMachines() const { return machines; }
  mlir::MLIRContext *getContext() { return context.get(); }

private:
  std::unique_ptr<mlir::MLIRContext> context;
  std::unique_ptr<Diagnostics> diagnostics;
  /// After the context, which must outlive them.
  std::vector<Machine> machines;
};

} // namespace amos

#endif // AMOS_DRIVER_MACHINESESSION_H
