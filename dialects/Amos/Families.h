//===- Families.h - What stands in a family ---------------------*- C++ -*-===//
#ifndef AMOS_FAMILIES_H
#define AMOS_FAMILIES_H

#include "Amos/AmosDialect.h"

namespace amos {

/// The lists of words, types and attributes of a family, an array each: what
/// stands in, then the members, every one an array of as many attributes.
llvm::ArrayRef<mlir::Attribute> getWordLists(FamilyOp family);

} // namespace amos

#endif // AMOS_FAMILIES_H
