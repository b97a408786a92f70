//===- RecordExtents.cpp - Which extents belong together? -----------------===//
//
// A function of unknown extents is right only for extents that fit each other.
// The answer is the function itself, asked for nothing but that: a copy of it
// whose other computations are dropped.
//
//===----------------------------------------------------------------------===//

#include "IndexBounds.h"
#include "amos/Report/Signature.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/RuntimeVerifiableOpInterface.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "mlir/Transforms/RegionUtils.h"

namespace amos {
#define GEN_PASS_DEF_RECORDEXTENTS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;

namespace amos {

namespace {
struct RecordExtents : impl::RecordExtentsBase<RecordExtents> {
  void runOnOperation() override;
  LogicalResult record(func::FuncOp function);
};

/// Turns a copy of a function into the question about its extents.
class Question {
public:
  explicit Question(func::FuncOp copy)
      : copy(copy), body(copy.getBody().front()), b(copy.getContext()) {}
  void collect();
  void finish();
  /// What still depends on more than the extents of the first arguments, or
  /// nothing.
  Operation *takeExtents(unsigned numArguments);

private:
  void demand(Value condition) { conditions.push_back(condition); }
  void demandFit(linalg::LinalgOp op);
  void demandRoom(linalg::LinalgOp op, ArrayRef<Value> extents);
  void demandResults(func::ReturnOp op);
  void demandValid(RuntimeVerifiableOpInterface op);
  void demandChecks(Operation *check, Operation *end, Value when);
  Value getExtent(Value shaped, int64_t dimension) {
    return linalg::createOrFoldDimOp(b, shaped.getLoc(), shaped, dimension);
  }
  unsigned passExtents(BlockArgument argument);
  void dropUnused();

  func::FuncOp copy;
  Block &body;
  OpBuilder b;
  SmallVector<Value> conditions;
};
} // namespace

static constexpr StringLiteral extentsName = "amos.extents";

static bool isDynamic(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped && shaped.hasRank() && !shaped.hasStaticShape();
}

static Value compare(OpBuilder &b, Location loc, arith::CmpIPredicate predicate,
                     Value left, Value right) {
  return arith::CmpIOp::create(b, loc, predicate, left, right);
}

//===----------------------------------------------------------------------===//
// Conditions
//===----------------------------------------------------------------------===//

/// Dimensions that one loop runs along are equal.
void Question::demandFit(linalg::LinalgOp op) {
  b.setInsertionPoint(op);
  SmallVector<Value> extents(op.getNumLoops());
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    for (auto [d, index] : llvm::enumerate(map.getResults())) {
      auto loop = dyn_cast<AffineDimExpr>(index);
      if (!loop)
        continue;
      Value extent = getExtent(operand.get(), d);
      Value &known = extents[loop.getPosition()];
      if (!known)
        known = extent;
      else if (!getConstantIntValue(known) || !getConstantIntValue(extent))
        demand(
            compare(b, op.getLoc(), arith::CmpIPredicate::eq, known, extent));
    }
  }
  demandRoom(op, extents);
}

static bool isConstant(Value extent) {
  return getConstantIntValue(extent).has_value();
}

/// Dimensions that loops index otherwise than one alone hold every index.
void Question::demandRoom(linalg::LinalgOp op, ArrayRef<Value> extents) {
  if (llvm::is_contained(extents, Value()))
    return; // upstream's verifier does not let this happen
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    for (auto [d, index] : llvm::enumerate(map.getResults())) {
      auto bounds = getIndexBounds(index, op.getNumLoops());
      if (isa<AffineDimExpr>(index) || !bounds)
        continue;
      auto evaluate = [&](AffineExpr e) {
        return getValueOrCreateConstantIndexOp(
            b, op.getLoc(),
            affine::makeComposedFoldedAffineApply(
                b, op.getLoc(), AffineMap::get(op.getNumLoops(), 0, e),
                getAsOpFoldResult(extents)));
      };
      Value first = evaluate(bounds->least), last = evaluate(bounds->greatest);
      Value extent = getExtent(operand.get(), d);
      if (isConstant(first) && isConstant(last) && isConstant(extent))
        continue; // upstream's verifier has looked at them
      Value zero = arith::ConstantIndexOp::create(b, op.getLoc(), 0);
      demand(compare(b, op.getLoc(), arith::CmpIPredicate::sge, first, zero));
      demand(compare(b, op.getLoc(), arith::CmpIPredicate::slt, last, extent));
    }
  }
}

/// Whether `condition` follows from the extents of tensors and buffers.
static bool isAboutExtents(Value condition) {
  llvm::SetVector<Value> values;
  values.insert(condition);
  for (size_t n = 0; n < values.size(); ++n) {
    Operation *op = values[n].getDefiningOp();
    if (isa_and_nonnull<ShapedDimOpInterface>(op))
      continue;
    if (!op || !isPure(op))
      return false;
    values.insert_range(op->getOperands());
    getUsedValuesDefinedAbove(op->getRegions(), values);
  }
  return true;
}

/// Takes the assertions of [check, end) over, those in branches too.
void Question::demandChecks(Operation *check, Operation *end, Value when) {
  while (check != end) {
    Operation *next = check->getNextNode();
    if (auto assertion = dyn_cast<cf::AssertOp>(check)) {
      Value holds = assertion.getArg();
      Location loc = assertion.getLoc();
      Value always = arith::ConstantOp::create(b, loc, b.getBoolAttr(true));
      if (isAboutExtents(holds) && isAboutExtents(when))
        demand(arith::OrIOp::create(
            b, loc, arith::XOrIOp::create(b, loc, when, always), holds));
    } else if (auto branch = dyn_cast<scf::IfOp>(check)) {
      // Nothing in there has an effect, so it may as well be computed here.
      Block *then = branch.thenBlock();
      Operation *first = &then->front();
      Value both = arith::AndIOp::create(b, branch.getLoc(), when,
                                         branch.getCondition());
      body.getOperations().splice(Block::iterator(branch),
                                  then->getOperations(), then->begin(),
                                  std::prev(then->end()));
      demandChecks(first, branch, both);
    }
    check = next;
  }
}

/// What upstream has checked while a program runs, as far as extents tell:
/// slices lie in their tensors, and what is copied or cast has the extents of
/// what it becomes.
void Question::demandValid(RuntimeVerifiableOpInterface op) {
  b.setInsertionPoint(op);
  Value always = arith::ConstantOp::create(b, op.getLoc(), b.getBoolAttr(true));
  op.generateRuntimeVerification(
      b, op.getLoc(), [](Operation *, StringRef) { return std::string(); });
  b.setInsertionPoint(op);
  demandChecks(always.getDefiningOp()->getNextNode(), op, always);
}

/// Results are as large as the caller says, in arguments after the others.
void Question::demandResults(func::ReturnOp op) {
  b.setInsertionPoint(op);
  for (Value result : op.getOperands())
    if (isDynamic(result.getType()))
      for (auto [d, extent] :
           llvm::enumerate(cast<ShapedType>(result.getType()).getShape()))
        if (ShapedType::isDynamic(extent)) {
          Value passed = body.addArgument(b.getIndexType(), result.getLoc());
          demand(compare(b, op.getLoc(), arith::CmpIPredicate::eq,
                         getExtent(result, d), passed));
        }
}

void Question::collect() {
  for (Operation &op : llvm::make_early_inc_range(body)) {
    if (auto contraction = dyn_cast<linalg::LinalgOp>(op)) {
      if (llvm::any_of(op.getOperandTypes(), isDynamic))
        demandFit(contraction);
    } else if (auto assertion = dyn_cast<cf::AssertOp>(op)) {
      demand(assertion.getArg());
    } else if (auto checked = dyn_cast<RuntimeVerifiableOpInterface>(op)) {
      demandValid(checked);
    }
  }
  demandResults(cast<func::ReturnOp>(body.getTerminator()));
}

//===----------------------------------------------------------------------===//
// Dropping the rest
//===----------------------------------------------------------------------===//

/// Whatever it does: nobody reads it here.
void Question::dropUnused() {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (op.use_empty() && &op != body.getTerminator())
      op.erase();
}

void Question::finish() {
  Operation *terminator = body.getTerminator();
  b.setInsertionPoint(terminator);
  Location loc = copy.getLoc();
  Value all = arith::ConstantOp::create(b, loc, b.getBoolAttr(true));
  for (Value condition : conditions)
    all = arith::AndIOp::create(b, loc, all, condition);
  func::ReturnOp::create(b, loc, all);
  terminator->erase();
  copy.setFunctionType(
      b.getFunctionType(body.getArgumentTypes(), {b.getI1Type()}));
  dropUnused();
}

/// Puts the dynamic extents of an argument after it; returns how many.
unsigned Question::passExtents(BlockArgument argument) {
  unsigned place = argument.getArgNumber();
  auto type = dyn_cast<ShapedType>(argument.getType());
  for (int64_t d = 0, rank = type ? type.getRank() : 0; d < rank; ++d) {
    if (!type.isDynamicDim(d))
      continue;
    Value passed =
        body.insertArgument(++place, b.getIndexType(), argument.getLoc());
    for (Operation *user : llvm::make_early_inc_range(argument.getUsers())) {
      auto dim = dyn_cast<ShapedDimOpInterface>(user);
      if (!dim || getConstantIntValue(dim.getDimension()) != d)
        continue;
      user->getResult(0).replaceAllUsesWith(passed);
      user->erase();
    }
  }
  return place - argument.getArgNumber();
}

/// Replaces the arguments by their dynamic extents.
Operation *Question::takeExtents(unsigned numArguments) {
  dropUnused();
  unsigned place = 0;
  for (unsigned n = 0; n < numArguments; ++n) {
    BlockArgument argument = body.getArgument(place);
    unsigned numExtents = passExtents(argument);
    if (!argument.use_empty())
      return *argument.getUsers().begin();
    body.eraseArgument(place);
    place += numExtents;
  }
  copy.setFunctionType(
      b.getFunctionType(body.getArgumentTypes(), {b.getI1Type()}));
  return nullptr;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

static bool needsQuestion(func::FuncOp function) {
  return !function.isExternal() &&
         function->hasAttr(Signature::attributeName) &&
         !function->hasAttr(extentsName) &&
         (llvm::any_of(function.getArgumentTypes(), isDynamic) ||
          llvm::any_of(function.getResultTypes(), isDynamic));
}

static func::FuncOp copyPlainly(func::FuncOp function) {
  func::FuncOp copy = function.clone();
  for (NamedAttribute attribute : llvm::to_vector(copy->getDiscardableAttrs()))
    copy->removeDiscardableAttr(attribute.getName());
  copy.removeArgAttrsAttr();
  copy.removeResAttrsAttr();
  copy.setName((function.getName() + ".extents").str());
  copy.setPrivate();
  return copy;
}

LogicalResult RecordExtents::record(func::FuncOp function) {
  auto refuse = [&](const Twine &why) {
    return function.emitError()
           << "the extents of '" << function.getName() << "' are unknown and "
           << why.str() << ", so they cannot be checked on entry (E-DYNAMIC)";
  };
  if (!function.getBody().hasOneBlock())
    return refuse("it branches");
  func::FuncOp copy = copyPlainly(function);
  SymbolTable(getOperation())
      .insert(copy, std::next(Block::iterator(function)));
  Question question(copy);
  question.collect();
  question.finish();
  OpPassManager simplify(func::FuncOp::getOperationName());
  simplify.addPass(memref::createResolveRankedShapeTypeResultDimsPass());
  simplify.addPass(createCanonicalizerPass());
  simplify.addPass(createCSEPass());
  if (failed(runPipeline(simplify, copy)))
    return failure();
  if (Operation *rest = question.takeExtents(function.getNumArguments()))
    return refuse("depend on '" + rest->getName().getStringRef() + "'");
  for (auto assertion :
       llvm::make_early_inc_range(function.getBody().getOps<cf::AssertOp>()))
    assertion.erase();
  function->setAttr(extentsName, FlatSymbolRefAttr::get(copy));
  return success();
}

void RecordExtents::runOnOperation() {
  for (auto function : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
    if (needsQuestion(function) && failed(record(function)))
      return signalPassFailure();
}

} // namespace amos
