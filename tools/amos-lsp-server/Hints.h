//===- Hints.h - The chosen mapping beside each contraction -----*- C++ -*-===//
#ifndef AMOS_TOOLS_LSPSERVER_HINTS_H
#define AMOS_TOOLS_LSPSERVER_HINTS_H

#include "llvm/Support/JSON.h"
#include <string>

namespace amos {

/// The inlay hints of a program, found by `amosc explain`; none for a text that
/// amosc rejects. `target` may be empty: what the program or amosc says.
llvm::json::Array findHints(llvm::StringRef text, llvm::StringRef target);

} // namespace amos

#endif // AMOS_TOOLS_LSPSERVER_HINTS_H
