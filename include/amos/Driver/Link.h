//===- Link.h - Shared objects ----------------------------------*- C++ -*-===//
#ifndef AMOS_DRIVER_LINK_H
#define AMOS_DRIVER_LINK_H

#include "amos/Driver/ExitCode.h"
#include "llvm/Support/raw_ostream.h"

namespace amos {

/// Links one object to a shared object with a linker of this machine, and with
/// GCC's OpenMP runtime if it has threads.
ExitCode linkShared(llvm::StringRef object, bool hasThreads,
                    llvm::raw_ostream &stream);

/// The OpenMP runtime that the compiler here links with; empty if it finds
/// none.
std::string findThreadRuntime();

} // namespace amos

#endif // AMOS_DRIVER_LINK_H
