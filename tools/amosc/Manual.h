//===- Manual.h - The manual page -------------------------------*- C++ -*-===//
#ifndef AMOS_TOOLS_MANUAL_H
#define AMOS_TOOLS_MANUAL_H

#include "Definition.h"
#include "llvm/Support/raw_ostream.h"

namespace amos {

/// Writes the page amosc(1) in the macros of man(7).
void printManual(const CLI::App &app, llvm::raw_ostream &stream);

} // namespace amos

#endif // AMOS_TOOLS_MANUAL_H
