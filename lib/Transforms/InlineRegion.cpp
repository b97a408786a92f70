//===- InlineRegion.cpp - Regions of descriptions become code -------------===//

#include "amos/Transforms/InlineRegion.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
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
  return llvm::map_to_vector(region.front().getTerminator()->getOperands(),
                             [&](Value value) { return map.lookup(value); });
}

Value amos::emitPartIndex(OpBuilder &builder, Location loc, ScopeOp scope) {
  Value index = inlineRegion(scope.getIndex(), {}, builder).front();
  return arith::IndexCastUIOp::create(builder, loc, builder.getIndexType(),
                                      index);
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
