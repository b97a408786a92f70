//===- AmosTypes.cpp - The tile type --------------------------------------===//

#include "Amos/AmosDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace amos;

/// `4x16xi8`; a tile of rank zero is its element type.
static ParseResult parseShape(AsmParser &parser, SmallVector<int64_t> &shape,
                              Type &elementType) {
  return failure(parser.parseDimensionList(shape, /*allowDynamic=*/false) ||
                 parser.parseType(elementType));
}

static void printShape(AsmPrinter &printer, ArrayRef<int64_t> shape,
                       Type elementType) {
  for (int64_t extent : shape)
    printer << extent << 'x';
  printer << elementType;
}

#define GET_TYPEDEF_CLASSES
#include "Amos/AmosTypes.cpp.inc"

void AmosDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "Amos/AmosTypes.cpp.inc"
      >();
}
