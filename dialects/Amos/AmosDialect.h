//===- AmosDialect.h - The amos dialect, its attributes, types and ops ----===//
#ifndef AMOS_AMOSDIALECT_H
#define AMOS_AMOSDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "Amos/AmosDialect.h.inc"
#include "Amos/AmosEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "Amos/AmosAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "Amos/AmosTypes.h.inc"

namespace amos {
/// Whether `part` stands in a machine that is made from no other and in no
/// family, so that all it refers to has to be there.
bool isComplete(mlir::Operation *part);

/// Reports a machine in `module` that still extends another or holds families;
/// nothing can be mapped onto it.
mlir::LogicalResult verifyPlain(mlir::Operation *module);
} // namespace amos

#define GET_OP_CLASSES
#include "Amos/AmosOps.h.inc"

#endif // AMOS_AMOSDIALECT_H
