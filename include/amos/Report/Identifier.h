//===- Identifier.h - What C and C++ programs can call something *- C++ -*-===//
#ifndef AMOS_REPORT_IDENTIFIER_H
#define AMOS_REPORT_IDENTIFIER_H

#include "llvm/ADT/StringRef.h"

namespace amos {

/// Whether C and C++ take `name` for a name: headers are read by both.
bool isIdentifier(llvm::StringRef name);

} // namespace amos

#endif // AMOS_REPORT_IDENTIFIER_H
