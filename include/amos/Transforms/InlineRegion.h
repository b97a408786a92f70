//===- InlineRegion.h - Regions of descriptions become code -----*- C++ -*-===//
#ifndef AMOS_TRANSFORMS_INLINEREGION_H
#define AMOS_TRANSFORMS_INLINEREGION_H

#include "Amos/AmosDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

namespace amos {

/// Clones `region` of a description where the builder stands; its arguments are
/// `values`. Returns what it yields.
llvm::SmallVector<mlir::Value> inlineRegion(mlir::Region &region,
                                            mlir::ValueRange values,
                                            mlir::OpBuilder &builder);

/// Which part of its kind the code runs on, as an index. The scope has an
/// `index` region.
mlir::Value emitPartIndex(mlir::OpBuilder &builder, mlir::Location loc,
                          ScopeOp scope);

/// Which of the `unit`s in a `group` the code runs on, counted through all the
/// parts in between, each of which has an `index` region.
mlir::Value emitUnitIndex(mlir::OpBuilder &builder, mlir::Location loc,
                          ScopeOp group, ScopeOp unit);

/// Which of the smallest parts of a `scope` the code runs on, counted through
/// all the parts it is made of. `hasLaneIndex` holds.
mlir::Value emitLaneIndex(mlir::OpBuilder &builder, mlir::Location loc,
                          ScopeOp scope);

/// Whether every part below `scope` has an `index` region.
bool hasLaneIndex(ScopeOp scope);

/// The scope of that name in a machine, null if there is none.
ScopeOp findScope(AcceleratorOp machine, llvm::StringRef name);

/// The parts that a scope is made of, down to the smallest, in one of it.
int64_t countLanes(AcceleratorOp machine, ScopeOp scope);

/// Declarations that emission regions call follow them into the module.
void copyDeclarations(mlir::ModuleOp module);

} // namespace amos

#endif // AMOS_TRANSFORMS_INLINEREGION_H
