//===- Operator.cpp - What a measurement is of ----------------------------===//

#include "amos/Tuning/Operator.h"
#include "amos/Report/Entry.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace amos;

/// More elements than that are data, not part of what an operator is.
static constexpr int64_t mostPrinted = 16;

//===----------------------------------------------------------------------===//
// What belongs to an operator
//===----------------------------------------------------------------------===//

static bool isElementwise(linalg::LinalgOp op) {
  return op.hasPureTensorSemantics() && op.getNumReductionLoops() == 0 &&
         op->getNumResults() == 1;
}

/// Whether `op` only moves elements, as a transpose does.
static bool isMove(linalg::LinalgOp op) {
  return isElementwise(op) && op.getBlock()->without_terminator().empty() &&
         isa<BlockArgument>(op.getBlock()->getTerminator()->getOperand(0));
}

static bool isReadThrough(Operation *producer) {
  if (isa<tensor::PadOp, tensor::EmptyOp>(producer) ||
      producer->hasTrait<OpTrait::ConstantLike>())
    return true;
  auto moving = dyn_cast<linalg::LinalgOp>(producer);
  return moving && isMove(moving);
}

using Slice = llvm::SetVector<Operation *>;

/// Adds what `op` reads and then `op` itself, also what its regions read.
static void addWithProducers(Operation *op, Slice &slice) {
  SmallVector<Value> read(op->getOperands());
  op->walk([&](Operation *inner) {
    for (Value value : inner->getOperands())
      if (!op->isAncestor(value.getParentRegion()->getParentOp()))
        read.push_back(value);
  });
  for (Value value : read)
    if (Operation *producer = value.getDefiningOp();
        producer && !slice.contains(producer) && isReadThrough(producer))
      addWithProducers(producer, slice);
  slice.insert(op);
}

/// The elementwise op that alone reads the result of `op`, if there is one.
static Operation *findEpilogue(Operation *op) {
  if (op->getNumResults() != 1 || !op->hasOneUse())
    return nullptr;
  auto reader = dyn_cast<linalg::LinalgOp>(*op->user_begin());
  return reader && reader->getBlock() == op->getBlock() && isElementwise(reader)
             ? reader
             : nullptr;
}

static Slice collect(linalg::LinalgOp op) {
  Slice slice;
  for (Operation *part = op; part; part = findEpilogue(part))
    addWithProducers(part, slice);
  return slice;
}

//===----------------------------------------------------------------------===//
// A program of its own
//===----------------------------------------------------------------------===//

/// Values from outside of `slice` that it reads, in the order of reading.
static llvm::SetVector<Value> findArguments(const Slice &slice) {
  llvm::SetVector<Value> arguments;
  for (Operation *part : slice)
    part->walk([&](Operation *op) {
      for (Value value : op->getOperands()) {
        Operation *owner = value.getParentRegion()->getParentOp();
        Operation *producer = value.getDefiningOp();
        if (!part->isAncestor(owner) && !(producer && slice.contains(producer)))
          arguments.insert(value);
      }
    });
  return arguments;
}

/// What a program calls its operation, for reports.
static constexpr StringLiteral nameAttribute = "amos.operation";

static void dropDecisions(Operation *op) {
  SmallVector<StringAttr> dropped;
  for (NamedAttribute attribute : op->getDiscardableAttrs())
    if (isa_and_nonnull<AmosDialect>(attribute.getNameDialect()) &&
        attribute.getName() != nameAttribute)
      dropped.push_back(attribute.getName());
  for (StringAttr name : dropped)
    op->removeDiscardableAttr(name);
}

OwningOpRef<ModuleOp> amos::isolateOperator(linalg::LinalgOp op) {
  Slice slice = collect(op);
  llvm::SetVector<Value> arguments = findArguments(slice);
  OpBuilder builder(op->getContext());
  OwningOpRef<ModuleOp> module = ModuleOp::create(op.getLoc());
  builder.setInsertionPointToEnd(module->getBody());
  auto inputs = llvm::map_to_vector(
      arguments, [](Value argument) { return argument.getType(); });
  auto function = func::FuncOp::create(
      builder, op.getLoc(), "contraction",
      builder.getFunctionType(inputs, slice.back()->getResultTypes()));
  // What is fastest in one thread need not be in several.
  if (auto around = op->getParentOfType<func::FuncOp>())
    if (Attribute threads = around->getAttr(threadsAttributeName))
      function->setAttr(threadsAttributeName, threads);
  builder.setInsertionPointToStart(function.addEntryBlock());
  IRMapping copies;
  copies.map(arguments.getArrayRef(), function.getArguments());
  for (Operation *part : slice)
    builder.clone(*part, copies)->walk(dropDecisions);
  auto results = llvm::map_to_vector(slice.back()->getResults(),
                                     [&](Value v) { return copies.lookup(v); });
  func::ReturnOp::create(builder, op.getLoc(), results);
  return module;
}

//===----------------------------------------------------------------------===//
// Texts
//===----------------------------------------------------------------------===//

static std::string print(Operation *op) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  op->print(stream, OpPrintingFlags()
                        .enableDebugInfo(false)
                        .useLocalScope()
                        .elideLargeElementsAttrs(mostPrinted)
                        .elideLargeResourceString(mostPrinted));
  stream << '\n';
  return text;
}

TunedOperator amos::describeOperator(linalg::LinalgOp op) {
  OwningOpRef<ModuleOp> module = isolateOperator(op);
  module->walk(
      [](Operation *part) { part->removeDiscardableAttr(nameAttribute); });
  TunedOperator described;
  auto name = op->getAttrOfType<StringAttr>(nameAttribute);
  described.name = name ? name.str() : op->getName().getStringRef().str();
  described.text = print(*module->getOps<func::FuncOp>().begin());
  described.fingerprint = getFingerprint(described.text);
  return described;
}

bool amos::isAlone(linalg::LinalgOp op) {
  Block &body = *op->getBlock();
  return isa<func::FuncOp>(body.getParentOp()) &&
         collect(op).size() + 1 == body.getOperations().size();
}

std::string amos::describeMachine(IntrinsicOp intrinsic) {
  OwningOpRef<Operation *> machine =
      intrinsic->getParentOfType<AcceleratorOp>()->clone();
  (*machine)->walk([&](IntrinsicOp other) {
    if (other.getSymName() != intrinsic.getSymName())
      other.erase();
  });
  return print(*machine);
}

IntrinsicOp amos::findIntrinsic(Operation *op, MappingAttr mapping) {
  return SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
      op, mapping.getIntrinsic());
}
