//===- RecordSignature.cpp - Keep what C callers see ----------------------===//

#include "Amos/AmosDialect.h"
#include "amos/Mapping/PackedTiles.h"
#include "amos/Report/Signature.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "llvm/ADT/StringSet.h"

namespace amos {
#define GEN_PASS_DEF_RECORDSIGNATURE
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;

namespace amos {
namespace {
struct RecordSignature : impl::RecordSignatureBase<RecordSignature> {
  using RecordSignatureBase::RecordSignatureBase;
  void runOnOperation() override;

private:
  void mark(func::FuncOp function, const Signature &signature);
  LogicalResult checkMarks();

  llvm::StringSet<> named; ///< arguments that the option found
};
} // namespace

/// Marks the arguments that are to be packed beforehand.
void RecordSignature::mark(func::FuncOp function, const Signature &signature) {
  for (unsigned n = 0; n < function.getNumArguments(); ++n)
    if (llvm::is_contained(prepack, signature.parameters[n].name)) {
      named.insert(signature.parameters[n].name);
      function.setArgAttr(n, prepackedAttributeName,
                          UnitAttr::get(&getContext()));
    }
}

/// Why an argument cannot be packed beforehand; empty if it can.
static StringRef refusePrepacking(const Parameter &parameter, Type type) {
  if (parameter.isScalar)
    return "it is a scalar";
  if (parameter.role != Role::In)
    return "the function writes it";
  if (parameter.layout)
    return "it is strided; pass it dense";
  if (llvm::any_of(parameter.shape, ShapedType::isDynamic))
    return "its extents are not known (E-DYNAMIC)";
  if (!getElementTypeOrSelf(type).isIntOrFloat())
    return "its elements have no size of their own";
  return "";
}

/// Whether a machine of the program is a GPU.
static bool hasDevice(func::FuncOp function) {
  return llvm::any_of(
      function->getParentOfType<ModuleOp>().getOps<AcceleratorOp>(),
      [](AcceleratorOp machine) {
        return isa_and_nonnull<gpu::TargetAttrInterface>(
            machine.getTargetAttr());
      });
}

static LogicalResult checkPrepacking(func::FuncOp function,
                                     const Signature &signature) {
  bool isOnDevice = hasDevice(function);
  for (unsigned n = 0; n < function.getNumArguments(); ++n) {
    if (!function.getArgAttr(n, prepackedAttributeName))
      continue;
    const Parameter &parameter = signature.parameters[n];
    StringRef why =
        refusePrepacking(parameter, function.getArgument(n).getType());
    if (why.empty() && isOnDevice)
      why = "a machine here is a GPU, where nothing is packed beforehand";
    if (!why.empty())
      return function.emitError() << "'" << parameter.name
                                  << "' cannot be packed beforehand: " << why;
  }
  return success();
}

/// Whether every argument that the option names was found.
LogicalResult RecordSignature::checkMarks() {
  for (const std::string &name : prepack)
    if (!named.contains(name))
      return getOperation().emitError() << "no function has an argument '"
                                        << name << "' to be packed beforehand";
  return success();
}

void RecordSignature::runOnOperation() {
  named.clear();
  for (auto function : getOperation().getOps<func::FuncOp>()) {
    if (function.isExternal() || !function.isPublic() ||
        function->hasAttr(Signature::attributeName))
      continue;
    FailureOr<Signature> signature = readSignature(function);
    if (failed(signature))
      return signalPassFailure();
    mark(function, *signature);
    if (failed(checkPrepacking(function, *signature)))
      return signalPassFailure();
    function->setAttr(Signature::attributeName,
                      signature->getAttr(&getContext()));
  }
  if (failed(checkMarks()))
    signalPassFailure();
}

} // namespace amos
