//===- Link.h - Shared objects ----------------------------------*- C++ -*-===//
#ifndef AMOS_DRIVER_LINK_H
#define AMOS_DRIVER_LINK_H

#include "amos/Driver/ExitCode.h"
#include "llvm/Support/raw_ostream.h"

namespace amos {

/// Links one object to a shared object with a linker of this machine.
ExitCode linkShared(llvm::StringRef object, llvm::raw_ostream &stream);

} // namespace amos

#endif // AMOS_DRIVER_LINK_H
