//===- RefuseDynamic.cpp - Extents that no code can be made for -----------===//

#include "amos/Report/Signature.h"
#include "amos/Transforms/Passes.h"

namespace amos {
#define GEN_PASS_DEF_REFUSEDYNAMIC
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;

namespace amos {
namespace {
struct RefuseDynamic : impl::RefuseDynamicBase<RefuseDynamic> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    auto isDynamic = [](Type type) {
      auto shaped = dyn_cast<ShapedType>(type);
      return shaped && !shaped.hasStaticShape();
    };
    auto types = llvm::concat<const Type>(function.getArgumentTypes(),
                                          function.getResultTypes());
    auto found = llvm::find_if(types, isDynamic);
    if (found == types.end())
      return;
    function.emitError() << "'" << function.getName() << "' takes or returns "
                         << *found
                         << "; code is made for fixed extents only, so replace "
                            "each '?' by a number (E-DYNAMIC)";
    signalPassFailure();
  }
};
} // namespace
} // namespace amos
