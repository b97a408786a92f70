//===- ExpandCopies.cpp - Strided copies become loops ---------------------===//

#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace amos {
#define GEN_PASS_DEF_EXPANDCOPIES
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct ExpandCopiesPass : amos::impl::ExpandCopiesBase<ExpandCopiesPass> {
  void runOnOperation() override {
    SmallVector<memref::CopyOp> copies;
    getOperation().walk([&](memref::CopyOp copy) { copies.push_back(copy); });
    for (memref::CopyOp copy : copies) {
      auto isDense = [](Value buffer) {
        auto type = cast<MemRefType>(buffer.getType());
        return type.getLayout().isIdentity() && type.hasStaticShape();
      };
      bool isOnDevice = getOperation()->hasAttr("amos.target");
      if (!isOnDevice && isDense(copy.getSource()) && isDense(copy.getTarget()))
        continue; // one memcpy
      OpBuilder builder(copy);
      linalg::CopyOp::create(builder, copy.getLoc(), copy.getSource(),
                             copy.getTarget());
      copy.erase();
    }
  }
};
} // namespace
