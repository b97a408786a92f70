//===- Accelerators.h - Finding and reading machines ------------*- C++ -*-===//
//
// Every function reports what goes wrong through the context's diagnostics.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_ACCELERATORS_H
#define AMOS_DRIVER_ACCELERATORS_H

#include "Amos/AmosDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <string>
#include <vector>

namespace amos {

/// A file that describes a machine.
struct AcceleratorFile {
  /// Without folder and extension; the path itself when a user named a file.
  std::string name;
  std::string path;
};

/// Where machines with a name are searched, in this order: the folders of the
/// environment variable AMOS_ACCELERATOR_PATH, `../share/amos/accelerators`
/// beside the executable, the source tree it was built from.
std::vector<std::string> getAcceleratorFolders();

/// Every machine with a name, sorted; the first folder that has it counts.
std::vector<AcceleratorFile> listAccelerators();

/// The files behind `target`: names and files joined by '+', where `native`
/// stands for every machine that this processor executes. Reports files that
/// are missing and names that are unknown, with the nearest one there is.
mlir::FailureOr<std::vector<AcceleratorFile>>
findAccelerators(mlir::MLIRContext *context, llvm::StringRef target);

/// Parses and verifies one file and makes its machines stand for themselves,
/// see resolveAccelerators; null after a report. Nothing but machines and
/// functions stands in it. Appends the files of bases to `dependencies`, if
/// there are.
mlir::OwningOpRef<mlir::ModuleOp>
readAccelerator(mlir::MLIRContext *context, const AcceleratorFile &file,
                std::vector<std::string> *dependencies = nullptr);

/// Replaces what `module` says of machines by plain descriptions: families by
/// their members, machines that extend others by those with the changes, and
/// verifies the result. Bases are searched in the module, then beside the file
/// of the machine, then among the machines with a name; their files are
/// appended to `dependencies`.
mlir::LogicalResult resolveAccelerators(mlir::ModuleOp module,
                                        std::vector<std::string> &dependencies);

/// Puts the machines of all `targets`, and the functions beside them, in front
/// of `module`, which keeps a machine it already has, and resolves those it has
/// brought. Appends the files read to
/// `dependencies`.
mlir::LogicalResult spliceAccelerators(mlir::ModuleOp module,
                                       llvm::ArrayRef<std::string> targets,
                                       std::vector<std::string> &dependencies);

/// Whether this processor has every feature that the machine's code needs.
bool isNative(AcceleratorOp accelerator);

} // namespace amos

#endif // AMOS_DRIVER_ACCELERATORS_H
