//===- VerifyAttrs.cpp - Placements, decisions and tiles on their own -----===//
//
// What can be said without the machine they refer to; the rest is checked where
// they are used.
//
//===----------------------------------------------------------------------===//

#include "Amos/AmosDialect.h"
#include "mlir/IR/AffineMap.h"
#include <map>
#include <set>

using namespace mlir;
using namespace amos;
using EmitError = llvm::function_ref<InFlightDiagnostic()>;

//===----------------------------------------------------------------------===//
// Placements
//===----------------------------------------------------------------------===//

LogicalResult FragmentAttr::verify(EmitError emitError, AffineMap map) {
  if (map.getNumSymbols() != 0 || map.getNumDims() < 1 || map.getNumDims() > 2)
    return emitError() << "expects a map of (lane, element), or of (element) "
                          "for one lane, got "
                       << map.getNumDims() << " dimensions and "
                       << map.getNumSymbols() << " symbols";
  return success();
}

LogicalResult RowsAttr::verify(EmitError emitError, FlatSymbolRefAttr /*level*/,
                               int64_t bytes, AffineMap map) {
  if (map.getNumSymbols() != 0 || map.getNumDims() > 1)
    return emitError() << "expects a map of (lane), or of () for one lane, got "
                       << map.getNumDims() << " dimensions and "
                       << map.getNumSymbols() << " symbols";
  if (bytes <= 0)
    return emitError() << "expects rows of at least one byte, got " << bytes;
  return success();
}

//===----------------------------------------------------------------------===//
// Decisions
//===----------------------------------------------------------------------===//

/// Each iteration is named at most once in all lists together.
static LogicalResult verifyIterations(EmitError emitError,
                                      ArrayRef<DenseI64ArrayAttr> lists) {
  std::set<int64_t> seen;
  for (DenseI64ArrayAttr list : lists)
    for (int64_t iteration : list.asArrayRef()) {
      if (iteration < 0)
        return emitError() << "expects iterations counted from 0, got "
                           << iteration;
      if (!seen.insert(iteration).second)
        return emitError() << "expects each iteration at most once, got "
                           << iteration << " twice";
    }
  return success();
}

LogicalResult MappingAttr::verify(EmitError emitError, SymbolRefAttr intrinsic,
                                  ArrayRef<DenseI64ArrayAttr> matching,
                                  DenseI64ArrayAttr operands,
                                  Family /*family*/) {
  if (intrinsic.getNestedReferences().size() != 1)
    return emitError() << "expects an intrinsic of a machine, such as "
                          "'@machine::@intrinsic', got '"
                       << intrinsic << "'";
  for (DenseI64ArrayAttr list : matching)
    if (!llvm::is_sorted(list.asArrayRef()))
      return emitError() << "expects iterations in ascending order, got '"
                         << list << "'; their order inside a group is a matter "
                         << "of the schedule";
  if (operands)
    for (int64_t operand : operands.asArrayRef())
      if (operand < 0)
        return emitError() << "expects operands counted from 0, got "
                           << operand;
  return verifyIterations(emitError, matching);
}

static LogicalResult verifyTiles(EmitError emitError,
                                 ArrayRef<DenseI64ArrayAttr> order,
                                 ArrayRef<DenseI64ArrayAttr> tiles) {
  if (tiles.empty())
    return success();
  if (tiles.size() != order.size())
    return emitError() << "expects 'tiles' to be empty or " << order.size()
                       << " lists as 'order' is, got " << tiles.size();
  for (auto [list, extents] : llvm::zip_equal(order, tiles)) {
    if (list.size() != extents.size())
      return emitError() << "expects an extent for each iteration of 'order', "
                         << list.size() << ", got " << extents.size();
    for (int64_t extent : extents.asArrayRef())
      if (extent <= 0)
        return emitError() << "expects positive extents in 'tiles', got "
                           << extent;
  }
  return success();
}

/// Loops are pairs; the steps of one outer loop decrease inwards.
static LogicalResult verifyNest(EmitError emitError,
                                ArrayRef<DenseI64ArrayAttr> nest) {
  std::map<int64_t, int64_t> steps;
  for (DenseI64ArrayAttr loop : nest) {
    if (loop.size() != 2 || loop[0] < 0 || loop[1] <= 0)
      return emitError() << "expects loops of 'nest' to be [outer loop, step], "
                            "got '"
                         << loop << "'";
    auto [it, isFirst] = steps.try_emplace(loop[0], loop[1]);
    if (!isFirst && loop[1] >= it->second)
      return emitError() << "expects the steps of outer loop " << loop[0]
                         << " to decrease inwards, got " << loop[1]
                         << " inside of " << it->second;
    it->second = loop[1];
  }
  return success();
}

LogicalResult ScheduleAttr::verify(
    EmitError emitError, ArrayRef<DenseI64ArrayAttr> order,
    ArrayRef<DenseI64ArrayAttr> tiles, ArrayRef<DenseI64ArrayAttr> nest,
    ArrayRef<StringAttr> scopes, DenseI64ArrayAttr block,
    ArrayRef<Staging> /*staging*/, int64_t stages, int64_t cluster) {
  if (stages < 1)
    return emitError() << "expects at least 1 of 'stages', got " << stages;
  if (cluster < 1)
    return emitError() << "expects a 'cluster' of at least 1, got " << cluster;
  if (!scopes.empty() && scopes.size() != nest.size())
    return emitError() << "expects a scope, or an empty one, for each of the "
                       << nest.size() << " loops of 'nest', got "
                       << scopes.size();
  for (int64_t steps : block.asArrayRef())
    if (steps <= 0)
      return emitError() << "expects positive numbers in 'block', got "
                         << steps;
  if (failed(verifyIterations(emitError, order)) ||
      failed(verifyTiles(emitError, order, tiles)))
    return failure();
  return verifyNest(emitError, nest);
}

LogicalResult CostAttr::verify(EmitError emitError, int64_t cycles,
                               int64_t lowerBound, StringAttr /*bound*/,
                               int64_t useful, int64_t bytes) {
  for (int64_t value : {cycles, lowerBound, useful, bytes})
    if (value < 0)
      return emitError() << "expects costs of at least 0, got " << value;
  if (useful > 1000)
    return emitError() << "expects 'useful' in thousandths, at most 1000, got "
                       << useful;
  return success();
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

LogicalResult TileType::verify(EmitError emitError, ArrayRef<int64_t> shape,
                               Type elementType, SymbolRefAttr intrinsic,
                               unsigned /*operand*/) {
  for (int64_t extent : shape)
    if (extent <= 0)
      return emitError() << "expects positive extents, got " << extent;
  if (!elementType.isIntOrFloat())
    return emitError() << "expects elements that are numbers, got "
                       << elementType;
  if (intrinsic.getNestedReferences().size() != 1)
    return emitError() << "expects an intrinsic of a machine, such as "
                          "'@machine::@intrinsic', got '"
                       << intrinsic << "'";
  return success();
}
