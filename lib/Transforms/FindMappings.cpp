//===- FindMappings.cpp - Candidates of every contraction -----------------===//

#include "amos/Mapping/Epilogue.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/GlobPattern.h"

namespace amos {
#define GEN_PASS_DEF_FINDMAPPINGS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct FindMappings : amos::impl::FindMappingsBase<FindMappings> {
  using FindMappingsBase::FindMappingsBase;
  void runOnOperation() override;

  FailureOr<SmallVector<IntrinsicOp>> collectIntrinsics();
  void annotate(linalg::LinalgOp op, ArrayRef<IntrinsicOp> intrinsics);
  LogicalResult verify(linalg::LinalgOp op, MappingAttr mapping);
};
} // namespace

/// All linalg ops of the program, not those of descriptions.
static SmallVector<linalg::LinalgOp> collectOperators(ModuleOp module) {
  SmallVector<linalg::LinalgOp> operators;
  module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<AcceleratorOp>(op))
      return WalkResult::skip();
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
      operators.push_back(linalgOp);
    return WalkResult::advance();
  });
  return operators;
}

void FindMappings::runOnOperation() {
  if (failed(verifyPlain(getOperation())))
    return signalPassFailure();
  FailureOr<SmallVector<IntrinsicOp>> intrinsics = collectIntrinsics();
  if (failed(intrinsics))
    return signalPassFailure();
  for (linalg::LinalgOp op : collectOperators(getOperation())) {
    if (failed(verifyEpilogue(op)))
      signalPassFailure();
    if (auto mapping = op->getAttrOfType<MappingAttr>("amos.mapping")) {
      if (failed(verify(op, mapping)))
        signalPassFailure();
    } else if (isContraction(op)) {
      annotate(op, *intrinsics);
    }
  }
}

FailureOr<SmallVector<IntrinsicOp>> FindMappings::collectIntrinsics() {
  llvm::Expected<llvm::GlobPattern> pattern =
      llvm::GlobPattern::create(intrinsic);
  if (!pattern)
    return getOperation().emitError()
           << "'" << intrinsic
           << "' is no pattern: " << llvm::toString(pattern.takeError());
  SmallVector<IntrinsicOp> intrinsics;
  getOperation().walk([&](IntrinsicOp op) {
    if (pattern->match(op.getSymName()))
      intrinsics.push_back(op);
  });
  return intrinsics;
}

void FindMappings::annotate(linalg::LinalgOp op,
                            ArrayRef<IntrinsicOp> intrinsics) {
  FoundMappings found = findMappings(op, intrinsics);
  if (rule == MappingRule::Amos)
    llvm::erase_if(found.candidates, [](CandidateAttr candidate) {
      return !candidate.getAmosRule();
    });
  numCandidates += found.candidates.size();
  numRejections += found.rejections.size();
  auto toArray = [&](auto &attributes) {
    SmallVector<Attribute> list(attributes.begin(), attributes.end());
    return ArrayAttr::get(&getContext(), list);
  };
  op->setAttr("amos.candidates", toArray(found.candidates));
  op->setAttr("amos.rejected", toArray(found.rejections));
  if (!found.candidates.empty() && !op->hasAttr(epilogueAttributeName) &&
      findEpilogue(op))
    op->setAttr(epilogueAttributeName, BoolAttr::get(&getContext(), true));
}

LogicalResult FindMappings::verify(linalg::LinalgOp op, MappingAttr mapping) {
  auto intrinsic = SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
      op, mapping.getIntrinsic());
  if (!intrinsic)
    return op.emitError("'amos.mapping' names the intrinsic '")
           << mapping.getIntrinsic() << "', which no accelerator here has";
  Solver solver;
  std::optional<Reason> reason =
      verifyMapping(op, intrinsic, mapping,
                    op->getAttrOfType<ScheduleAttr>("amos.schedule"), solver);
  if (!reason)
    return success();
  InFlightDiagnostic error = op.emitError("'amos.mapping' is wrong: ")
                             << reason->message << " ("
                             << amos::spell(reason->code) << ")";
  if (!reason->fix.empty())
    error.attachNote() << reason->fix;
  return failure();
}
