//===- Suggest.h - "did you mean" -------------------------------*- C++ -*-===//
#ifndef AMOS_DRIVER_SUGGEST_H
#define AMOS_DRIVER_SUGGEST_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace amos {

/// "; did you mean 'x'?" for the known word nearest to `word`, or nothing when
/// none is near.
std::string suggest(llvm::StringRef word, llvm::ArrayRef<std::string> known);

} // namespace amos

#endif // AMOS_DRIVER_SUGGEST_H
