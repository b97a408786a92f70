//===- CheckCode.h - What the code that was emitted consists of -*- C++ -*-===//
#ifndef AMOS_DRIVER_CHECKCODE_H
#define AMOS_DRIVER_CHECKCODE_H

#include "amos/Driver/Compiler.h"

namespace amos {

/// After `emit`: writes the code for the processor to `stream`; prints what
/// goes wrong.
ExitCode emitNative(Compiler &compiler, EmitKind kind, bool hasLocations,
                    llvm::raw_pwrite_stream &stream);

/// After `emit`: emits assembly once and leaves on each function how often each
/// instruction occurs, and how many of them each intrinsic's lowering became.
/// Does nothing the second time.
ExitCode readCode(Compiler &compiler);

/// Reads the code back and tells of every mapped operation whose intrinsic has
/// no instruction in it; NoIntrinsic when `--require-intrinsic` forbids that.
/// `-Rmap` gets the counts.
ExitCode checkCode(Compiler &compiler);

} // namespace amos

#endif // AMOS_DRIVER_CHECKCODE_H
