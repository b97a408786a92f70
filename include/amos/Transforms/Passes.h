//===- Passes.h - The passes of the compiler --------------------*- C++ -*-===//
#ifndef AMOS_TRANSFORMS_PASSES_H
#define AMOS_TRANSFORMS_PASSES_H

#include "Amos/AmosDialect.h"
#include "amos/Mapping/FindMappings.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace amos {

#define GEN_PASS_DECL
#include "amos/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "amos/Transforms/Passes.h.inc"

} // namespace amos

#endif // AMOS_TRANSFORMS_PASSES_H
