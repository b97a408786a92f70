//===- Reproducer.h - What a crash leaves behind ----------------*- C++ -*-===//
#ifndef AMOS_DRIVER_REPRODUCER_H
#define AMOS_DRIVER_REPRODUCER_H

#include "amos/Driver/Compiler.h"

namespace amos {

/// Runs `work` in a child process. When that dies, leaves in a new folder what
/// is needed to see it again, prints the path of the folder, and returns
/// Internal. There are `input.mlir`; copies of the machines that were files;
/// `command`, to be run there; and `about`, with the versions, the stage and
/// the death.
ExitCode runReproducibly(const CompilerOptions &options,
                         llvm::function_ref<ExitCode(Progress &)> work);

/// The words of the command line, with response files expanded.
std::vector<std::string> getInvocation();
/// The words of the command that such a folder holds; empty if it has none.
std::vector<std::string> readCommand(llvm::StringRef folder);

} // namespace amos

#endif // AMOS_DRIVER_REPRODUCER_H
