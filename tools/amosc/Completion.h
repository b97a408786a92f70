//===- Completion.h - What shells complete ----------------------*- C++ -*-===//
#ifndef AMOS_TOOLS_COMPLETION_H
#define AMOS_TOOLS_COMPLETION_H

#include "Definition.h"
#include "llvm/Support/raw_ostream.h"

namespace amos {

/// Writes the script that makes `shell`, one of bash, zsh and fish, complete
/// the arguments of amosc.
void printCompletion(const CLI::App &app, llvm::StringRef shell,
                     llvm::raw_ostream &stream);

} // namespace amos

#endif // AMOS_TOOLS_COMPLETION_H
