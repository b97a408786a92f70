//===- Kernels.h - Outputs for devices --------------------------*- C++ -*-===//
#ifndef AMOS_DRIVER_KERNELS_H
#define AMOS_DRIVER_KERNELS_H

#include "amos/Driver/Output.h"

namespace amos {

/// Writers of outputs: the kernels in the form that each is named after. Usage
/// when the program has no kernel, Environment when a program of NVIDIA's
/// toolkit is needed and missing.
ExitCode writePtx(Compiler &compiler, llvm::ArrayRef<PlannedFile> files,
                  llvm::raw_pwrite_stream &stream);
ExitCode writeCubin(Compiler &compiler, llvm::ArrayRef<PlannedFile> files,
                    llvm::raw_pwrite_stream &stream);
ExitCode writeFatbin(Compiler &compiler, llvm::ArrayRef<PlannedFile> files,
                     llvm::raw_pwrite_stream &stream);
ExitCode writeSass(Compiler &compiler, llvm::ArrayRef<PlannedFile> files,
                   llvm::raw_pwrite_stream &stream);

/// Before a host module is translated: puts the kernels it launches into it.
ExitCode embedKernels(Compiler &compiler);

} // namespace amos

#endif // AMOS_DRIVER_KERNELS_H
