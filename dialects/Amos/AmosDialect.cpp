//===- AmosDialect.cpp - Registration of attributes, types and ops --------===//

#include "Amos/AmosDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace amos;

#include "Amos/AmosDialect.cpp.inc"

void AmosDialect::initialize() {
  registerAttributes();
  registerTypes();
  addOperations<
#define GET_OP_LIST
#include "Amos/AmosOps.cpp.inc"
      >();
}
