//===- CopyPanels.cpp - What panels ask of a copy -------------------------===//

#include "CopyPanels.h"
#include "Amos/Placement.h"
#include "amos/Mapping/Bounds.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace amos;

bool amos::arePanels(LayoutOp writer, LayoutOp reader, const Panels &panels,
                     int64_t elementBytes) {
  int64_t width = panels.columns * elementBytes;
  std::optional<SmallVector<int64_t>> row = evaluate(writer.getMap(), {1, 0}),
                                      byte = evaluate(writer.getMap(), {0, 1});
  bool isRowMajor = row && byte && row->front() == width &&
                    byte->front() == 1 && writer.getAtom()[0] >= panels.rows &&
                    writer.getAtom()[1] >= width;
  int64_t align =
      std::max(writer.getAlign().value_or(1), reader.getAlign().value_or(1));
  return isRowMajor && writer.getLevel() == reader.getLevel() &&
         writer.getSwizzleAttr() == reader.getSwizzleAttr() &&
         panels.rows * width % align == 0;
}

bool amos::hasAlignedRows(const Access &access, ArrayRef<unsigned> merged,
                          int64_t align, int64_t elementBytes) {
  int64_t bytes = elementBytes;
  size_t d = access.shape.size();
  for (unsigned group : llvm::reverse(merged.drop_front())) {
    for (unsigned n = 0; n < group; ++n)
      bytes *= access.shape[--d];
    if (bytes % align)
      return false;
  }
  return true;
}

FragmentRead amos::getPanelRead(const Contraction &op,
                                const MappedAccesses &mapped,
                                const Panels &panels) {
  FragmentRead read;
  unsigned numOuter = mapped.outer.size();
  read.access = panels.access;
  for (const OuterLoop &loop : mapped.outer)
    read.extents.push_back(loop.extent);
  read.extents.append({panels.count, panels.rows, panels.used});
  read.numOuter = numOuter + 1;
  read.dims = {numOuter + 1, numOuter + 2};
  read.repeats.assign(2, std::nullopt);
  read.hints = op.getExtents();
  return read;
}

bool amos::isBoxWithin(CopyOp copy, AffineMap map,
                       const CopyAssignment &assignment,
                       const FragmentRead &read, int64_t rows) {
  AffineExpr row = getAffineDimExpr(0, copy.getContext());
  return llvm::all_of(map.getResults(), [&](AffineExpr result) {
    AffineExpr step = (result.replace(row, row + 1) - result)
                          .replaceSymbols(assignment.symbols);
    auto known = dyn_cast<AffineConstantExpr>(
        simplifyAffineExpr(step, read.numOuter + 2, 0));
    return !known || std::abs(known.getValue()) <= copy.getExtents()[0] / rows;
  });
}

bool amos::isWithinLimits(CopyOp copy, const Access &access,
                          const CopyAssignment &assignment,
                          ArrayRef<int64_t> extents) {
  std::optional<IntegerSet> limits = copy.getLimits();
  if (!limits)
    return true;
  MLIRContext *context = copy.getContext();
  SmallVector<AffineExpr> shapes;
  ArrayRef<int64_t> shape = access.shape;
  for (unsigned group : assignment.merged) {
    int64_t extent = computeProduct(shape.take_front(group));
    shapes.push_back(getAffineConstantExpr(extent, context));
    shape = shape.drop_front(group);
  }
  return llvm::all_of(limits->getConstraints(), [&](AffineExpr constraint) {
    AffineExpr field =
        constraint.replaceDimsAndSymbols(shapes, assignment.symbols);
    return getBound(field, extents, /*isUpper=*/false).value_or(-1) >= 0;
  });
}
