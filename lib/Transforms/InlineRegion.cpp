//===- InlineRegion.cpp - Regions of descriptions become code -------------===//

#include "amos/Transforms/InlineRegion.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace amos;

SmallVector<Value> amos::inlineRegion(Region &region, ValueRange values,
                                      OpBuilder &builder) {
  IRMapping map;
  map.map(region.getArguments(), values);
  for (Operation &op : region.front().without_terminator())
    builder.clone(op, map);
  return llvm::map_to_vector(
      region.front().getTerminator()->getOperands(),
      [&](Value value) { return map.lookupOrDefault(value); });
}

Value amos::emitPartIndex(OpBuilder &builder, Location loc, ScopeOp scope) {
  Value index = inlineRegion(scope.getIndex(), {}, builder).front();
  return arith::IndexCastUIOp::create(builder, loc, builder.getIndexType(),
                                      index);
}

Value amos::emitUnitIndex(OpBuilder &builder, Location loc, ScopeOp group,
                          ScopeOp unit) {
  auto machine = cast<AcceleratorOp>(group->getParentOp());
  Value number;
  for (ScopeOp scope = group; scope != unit && scope.getPart();) {
    ScopeOp part = findScope(machine, *scope.getPart());
    Value index = emitPartIndex(builder, loc, part);
    if (number) {
      Value count = arith::ConstantIndexOp::create(
          builder, loc, scope.getCount().value_or(1));
      number = arith::MulIOp::create(builder, loc, number, count);
      index = arith::AddIOp::create(builder, loc, number, index);
    }
    number = index;
    scope = part;
  }
  return number;
}

Value amos::emitLaneIndex(OpBuilder &builder, Location loc, ScopeOp scope) {
  return emitUnitIndex(builder, loc, scope, ScopeOp());
}

bool amos::hasLaneIndex(ScopeOp scope) {
  auto machine = cast<AcceleratorOp>(scope->getParentOp());
  if (!scope.getPart())
    return false;
  while (scope && scope.getPart()) {
    scope = findScope(machine, *scope.getPart());
    if (!scope || scope.getIndex().empty())
      return false;
  }
  return true;
}

ScopeOp amos::findScope(AcceleratorOp machine, StringRef name) {
  return dyn_cast_or_null<ScopeOp>(SymbolTable::lookupSymbolIn(machine, name));
}

int64_t amos::countLanes(AcceleratorOp machine, ScopeOp scope) {
  int64_t count = 1;
  for (; scope && scope.getPart(); scope = findScope(machine, *scope.getPart()))
    count *= scope.getCount().value_or(1);
  return count;
}

void amos::copyDeclarations(ModuleOp module) {
  SymbolTable symbols(module);
  OpBuilder builder(module.getBodyRegion());
  builder.setInsertionPointToEnd(module.getBody());
  for (auto accelerator : module.getOps<AcceleratorOp>())
    for (Operation &part : accelerator.getParts().getOps())
      if (auto function = dyn_cast<LLVM::LLVMFuncOp>(part);
          function && !symbols.lookup(function.getSymNameAttr()))
        builder.clone(part);
}
