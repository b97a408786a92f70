//===- RecordSignature.cpp - Keep what C callers see ----------------------===//

#include "amos/Report/Signature.h"
#include "amos/Transforms/Passes.h"

namespace amos {
#define GEN_PASS_DEF_RECORDSIGNATURE
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;

namespace amos {
namespace {
struct RecordSignature : impl::RecordSignatureBase<RecordSignature> {
  void runOnOperation() override;
};
} // namespace

void RecordSignature::runOnOperation() {
  for (auto function : getOperation().getOps<func::FuncOp>()) {
    if (function.isExternal() || !function.isPublic() ||
        function->hasAttr(Signature::attributeName))
      continue;
    FailureOr<Signature> signature = readSignature(function);
    if (failed(signature))
      return signalPassFailure();
    function->setAttr(Signature::attributeName,
                      signature->getAttr(&getContext()));
  }
}

} // namespace amos
