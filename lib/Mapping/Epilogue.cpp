//===- Epilogue.cpp - What is done to a sum before it is stored -----------===//

#include "amos/Mapping/Epilogue.h"
#include "amos/Mapping/Contraction.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace amos;

bool amos::isElementwise(linalg::LinalgOp op) {
  if (!op.hasPureTensorSemantics() || op.getNumDpsInits() != 1 ||
      op.getNumParallelLoops() != op.getNumLoops() || op.hasIndexSemantics() ||
      !op.getIndexingMapsArray().back().isPermutation())
    return false;
  return llvm::all_of(
      op.getBlock()->without_terminator(), [](Operation &inner) {
        return isMemoryEffectFree(&inner) && inner.getNumRegions() == 0;
      });
}

/// The op that alone uses the result of `contraction`, as a source.
static linalg::LinalgOp findConsumer(linalg::LinalgOp contraction) {
  if (contraction->getNumResults() != 1 || contraction->use_empty())
    return nullptr;
  auto consumer = dyn_cast<linalg::LinalgOp>(*contraction->getUsers().begin());
  auto isSource = [&](OpOperand &use) {
    return use.getOwner() == consumer && consumer.isDpsInput(&use);
  };
  bool isAlone = consumer && consumer->getBlock() == contraction->getBlock() &&
                 llvm::all_of(contraction->getUses(), isSource);
  return isAlone ? consumer : nullptr;
}

/// Whether each element of the contraction's result is written: along each
/// dimension runs a loop of its own.
static bool isWritten(linalg::LinalgOp contraction) {
  return contraction.getNumDpsInits() == 1 &&
         contraction.getMatchingIndexingMap(contraction.getDpsInitOperand(0))
             .isProjectedPermutation();
}

/// Whether `consumer` also takes the result of a later contraction.
static bool takesLater(linalg::LinalgOp consumer,
                       linalg::LinalgOp contraction) {
  return llvm::any_of(consumer.getDpsInputs(), [&](Value value) {
    auto other = value.getDefiningOp<linalg::LinalgOp>();
    return other && other->getBlock() == contraction->getBlock() &&
           contraction->isBeforeInBlock(other) && isContraction(other) &&
           findConsumer(other) == consumer;
  });
}

std::optional<Epilogue> amos::findEpilogue(linalg::LinalgOp contraction) {
  if (!contraction.hasPureTensorSemantics() || !isWritten(contraction))
    return std::nullopt;
  linalg::LinalgOp consumer = findConsumer(contraction);
  if (!consumer || !isElementwise(consumer) || isContraction(consumer) ||
      takesLater(consumer, contraction))
    return std::nullopt;
  AffineMap written = consumer.getIndexingMapsArray().back();
  Epilogue epilogue{consumer, {}, {}, {}, {}};
  for (OpOperand &operand : consumer->getOpOperands()) {
    AffineMap read = consumer.getMatchingIndexingMap(&operand);
    unsigned argument = operand.getOperandNumber();
    if (!consumer.payloadUsesValueFromOperand(&operand))
      continue;
    if (!isa<RankedTensorType>(operand.get().getType())) {
      epilogue.scalars.emplace_back(operand.get(), argument);
      continue;
    }
    if (operand.get() != contraction->getResult(0)) {
      epilogue.sources.push_back(
          {operand.get(), read.compose(inversePermutation(written)), argument});
      continue;
    }
    if (!read.isPermutation())
      return std::nullopt;
    AffineMap place = written.compose(inversePermutation(read));
    if (epilogue.place && epilogue.place != place)
      return std::nullopt;
    epilogue.place = place;
    epilogue.sums.push_back(argument);
  }
  if (!epilogue.place)
    return std::nullopt;
  return epilogue;
}

std::optional<Epilogue> amos::getEpilogue(linalg::LinalgOp contraction) {
  auto isFused = contraction->getAttrOfType<BoolAttr>(epilogueAttributeName);
  if (!isFused || !isFused.getValue())
    return std::nullopt;
  return findEpilogue(contraction);
}

LogicalResult amos::verifyEpilogue(linalg::LinalgOp op) {
  Attribute attribute = op->getAttr(epilogueAttributeName);
  if (!attribute)
    return success();
  auto isFused = dyn_cast<BoolAttr>(attribute);
  if (!isFused)
    return op.emitError("expected '")
           << epilogueAttributeName << "' to be true or false, got "
           << attribute;
  if (isFused.getValue() && !findEpilogue(op))
    return op.emitError("'")
           << epilogueAttributeName
           << "' is true, but no elementwise op alone takes the result; write "
              "false";
  return success();
}

/// Constants are made where they are used, so that a body may move alone.
static void copyConstants(Block &from, IRMapping &map, OpBuilder &builder) {
  for (Operation &inner : from)
    for (Value operand : inner.getOperands()) {
      Operation *source = operand.getDefiningOp();
      if (source && source->getBlock() != &from && !map.contains(operand) &&
          matchPattern(source, m_Constant()))
        map.map(operand, builder.clone(*source)->getResult(0));
    }
}

void Epilogue::buildBody(Region &region) const {
  linalg::LinalgOp consumer = op;
  Block &from = *consumer.getBlock();
  Block &body = region.emplaceBlock();
  IRMapping map;
  BlockArgument sum = body.addArgument(from.getArgument(sums.front()).getType(),
                                       consumer.getLoc());
  for (unsigned argument : sums)
    map.map(from.getArgument(argument), sum);
  for (const Source &source : sources) {
    BlockArgument own = from.getArgument(source.argument);
    map.map(own, body.addArgument(own.getType(), own.getLoc()));
  }
  for (auto [value, argument] : scalars)
    map.map(from.getArgument(argument), value);
  OpBuilder builder(consumer.getContext()); // the region may have no op
  builder.setInsertionPointToEnd(&body);
  copyConstants(from, map, builder);
  for (Operation &inner : from.without_terminator())
    builder.clone(inner, map);
  Operation *yield = from.getTerminator();
  YieldOp::create(builder, yield->getLoc(),
                  map.lookupOrDefault(yield->getOperand(0)));
}

SmallVector<StringRef> amos::getOperationNames(const Epilogue &epilogue) {
  linalg::LinalgOp op = epilogue.op;
  llvm::SetVector<StringRef> names;
  for (Operation &inner : op.getBlock()->without_terminator())
    names.insert(inner.getName().getStringRef());
  return names.takeVector();
}
