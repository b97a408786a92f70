//===- TargetVerbs.h - amosc target list, show, check, test -----*- C++ -*-===//
#ifndef AMOS_DRIVER_TARGETVERBS_H
#define AMOS_DRIVER_TARGETVERBS_H

#include "amos/Driver/ExitCode.h"
#include "llvm/ADT/StringRef.h"

namespace amos {

/// `amosc target list`: the machines with a name, what emits their code, how
/// many intrinsics they have and whether this processor executes them.
ExitCode listTargets(bool json);

/// `amosc target show MACHINE`: levels and intrinsics in words. A machine is a
/// name, a file, or several joined by '+', here and below.
ExitCode showTarget(llvm::StringRef target);

/// `amosc target check MACHINE`: what the verifier says, and operands that
/// neither a copy nor a plain load reaches.
ExitCode checkTarget(llvm::StringRef target);

/// `amosc target test MACHINE`: runs each lowering this processor executes on
/// random operands and compares with its semantics; each in a process of its
/// own. Says what it skips and why. ExitCode::Check when one differs or dies.
ExitCode testTarget(llvm::StringRef target);

} // namespace amos

#endif // AMOS_DRIVER_TARGETVERBS_H
