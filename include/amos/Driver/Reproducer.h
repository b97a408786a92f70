//===- Reproducer.h - What a crash leaves behind ----------------*- C++ -*-===//
#ifndef AMOS_DRIVER_REPRODUCER_H
#define AMOS_DRIVER_REPRODUCER_H

#include "amos/Driver/Compiler.h"

namespace amos {

/// Runs `work` in a child process. When that dies, leaves the input and the
/// command in a new folder, prints its path, and returns Internal.
ExitCode runReproducibly(const CompilerOptions &options,
                         llvm::function_ref<ExitCode(Progress &)> work);

} // namespace amos

#endif // AMOS_DRIVER_REPRODUCER_H
