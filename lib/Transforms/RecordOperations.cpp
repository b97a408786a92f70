//===- RecordOperations.cpp - Keep what was decided -----------------------===//

#include "amos/Report/Operations.h"
#include "amos/Transforms/Passes.h"

namespace amos {
#define GEN_PASS_DEF_RECORDOPERATIONS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;

namespace amos {
namespace {
struct RecordOperations : impl::RecordOperationsBase<RecordOperations> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isPublic() && !function.isExternal())
      function->setAttr(operationsAttributeName, readOperations(function));
  }
};
} // namespace
} // namespace amos
