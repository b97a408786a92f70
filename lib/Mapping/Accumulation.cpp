//===- Accumulation.cpp - How does a body change its accumulator? ---------===//

#include "Accumulation.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace amos;

static bool isAssociative(StringRef operation) {
  return llvm::StringSwitch<bool>(operation)
      .Cases({"arith.addi", "arith.addf", "arith.muli", "arith.mulf"}, true)
      .Cases({"arith.andi", "arith.ori", "arith.xori"}, true)
      .Cases({"arith.maxsi", "arith.maxui", "arith.maximumf", "arith.maxnumf"},
             true)
      .Cases({"arith.minsi", "arith.minui", "arith.minimumf", "arith.minnumf"},
             true)
      .Default(false);
}

static bool isSum(const BodyNode &node) {
  return node.name == arith::AddIOp::getOperationName() ||
         node.name == arith::AddFOp::getOperationName();
}

/// `n` without casts between floats, which only round.
static unsigned skipRounding(const BodyTree &body, unsigned n) {
  while (body[n].kind == BodyNode::Cast && isa<FloatType>(body[n].type) &&
         isa<FloatType>(body[body[n].operands[0]].type))
    n = body[n].operands[0];
  return n;
}

/// For each node, `decide` told those of its operands, which come before it.
static SmallVector<bool>
decideEach(const BodyTree &body,
           llvm::function_ref<bool(const BodyNode &, ArrayRef<bool>)> decide) {
  SmallVector<bool> verdicts;
  for (unsigned n = 0; n < body.size(); ++n) {
    auto ofOperands = llvm::map_to_vector(
        body[n].operands, [&](unsigned operand) { return verdicts[operand]; });
    verdicts.push_back(decide(body[n], ofOperands));
  }
  return verdicts;
}

static SmallVector<bool> findReaders(const BodyTree &body) {
  return decideEach(body, [](const BodyNode &node, ArrayRef<bool> operands) {
    return node.kind == BodyNode::Accumulator ||
           llvm::is_contained(operands, true);
  });
}

static bool isZero(Attribute value) {
  return value && (matchPattern(value, m_Zero()) ||
                   matchPattern(value, m_AnyZeroFloat()));
}

/// The values that are zero wherever `source` is.
static SmallVector<bool> findVanishing(const BodyTree &body, unsigned source) {
  return decideEach(body, [=](const BodyNode &node, ArrayRef<bool> areZero) {
    switch (node.kind) {
    case BodyNode::Source:
      return node.source == source;
    case BodyNode::Constant:
      return isZero(node.value);
    case BodyNode::Cast:
      return areZero.front();
    case BodyNode::Operation:
      if (node.word == "*")
        return llvm::is_contained(areZero, true);
      return (node.word == "+" || node.word == "-") &&
             llvm::all_of(areZero, [](bool isZero) { return isZero; });
    case BodyNode::Accumulator:
    case BodyNode::Unknown:
      break;
    }
    return false;
  });
}

Accumulation amos::readAccumulation(const BodyTree &body, unsigned numSources) {
  const BodyNode &root = body[skipRounding(body, body.getRoot())];
  if (!isAssociative(root.name) || root.operands.size() != 2)
    return {};
  auto isAccumulator = [&](unsigned n) {
    return body[skipRounding(body, n)].kind == BodyNode::Accumulator;
  };
  unsigned added = root.operands[isAccumulator(root.operands[0])];
  unsigned other = root.operands[!isAccumulator(root.operands[0])];
  Accumulation accumulation;
  accumulation.isReorderable =
      isAccumulator(other) && !findReaders(body)[added];
  accumulation.ignoresZeros =
      accumulation.isReorderable && isSum(root) &&
      llvm::all_of(llvm::seq(0u, numSources), [&](unsigned source) {
        return findVanishing(body, source)[added];
      });
  return accumulation;
}
