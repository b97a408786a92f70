//===- BodyTree.cpp - The body of a contraction as an expression ----------===//

#include "BodyTree.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace amos;

static StringRef getWord(StringRef name) {
  return llvm::StringSwitch<StringRef>(name)
      .Cases({"arith.addf", "arith.addi"}, "+")
      .Cases({"arith.subf", "arith.subi"}, "-")
      .Cases({"arith.mulf", "arith.muli"}, "*")
      .Cases({"arith.divf", "arith.divsi", "arith.divui"}, "/")
      .Cases({"arith.maximumf", "arith.maxnumf", "arith.maxsi", "arith.maxui"},
             "max")
      .Cases({"arith.minimumf", "arith.minnumf", "arith.minsi", "arith.minui"},
             "min")
      .Case("arith.extsi", "signed")
      .Case("arith.extui", "unsigned")
      .Default(name.drop_front(name.find_last_of('.') + 1));
}

/// Rounding and wrapping permissions do not change what is meant.
static Attribute getDetails(Operation &op) {
  NamedAttrList details(op.getAttrDictionary());
  details.erase("fastmath");
  details.erase("overflowFlags");
  return details.getDictionary(op.getContext());
}

static bool isCast(Operation &op) {
  return isa<CastOpInterface>(op) && op.getNumOperands() == 1;
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

BodyTree::BodyTree(linalg::LinalgOp op) {
  Block &block = *op.getBlock();
  DenseMap<Value, unsigned> numbers;
  for (BlockArgument argument : block.getArguments()) {
    BodyNode node;
    node.source = argument.getArgNumber();
    node.kind = node.source < op.getNumDpsInputs() ? BodyNode::Source
                                                   : BodyNode::Accumulator;
    node.type = argument.getType();
    numbers[argument] = add(node);
  }
  if (llvm::range_size(block.without_terminator()) > maxOps) {
    root = add({});
    return;
  }
  auto getNumber = [&](Value value) {
    auto known = numbers.find(value);
    return known != numbers.end() ? known->second
                                  : numbers[value] = addCaptured(value);
  };
  for (Operation &inner : block.without_terminator()) {
    auto operands = llvm::map_to_vector(inner.getOperands(), getNumber);
    unsigned number = addOp(inner, operands);
    for (Value result : inner.getResults())
      numbers[result] = number;
  }
  root = getNumber(block.getTerminator()->getOperand(0));
}

/// The accumulator first, then sources in order: as one would write it.
unsigned BodyTree::getPlace(const BodyNode &node) const {
  unsigned place = node.kind == BodyNode::Accumulator ? 0
                   : node.kind == BodyNode::Source    ? 1 + node.source
                                                      : ~0u;
  for (unsigned operand : node.operands)
    place = std::min(place, nodes[operand].place);
  return place;
}

unsigned BodyTree::add(BodyNode node) {
  node.place = getPlace(node);
  nodes.push_back(std::move(node));
  return nodes.size() - 1;
}

unsigned BodyTree::addCaptured(Value value) {
  BodyNode node;
  node.type = value.getType();
  if (matchPattern(value, m_Constant(&node.value)))
    node.kind = BodyNode::Constant;
  return add(node);
}

unsigned BodyTree::addOp(Operation &op, ArrayRef<unsigned> operands) {
  BodyNode node;
  if (op.getNumResults() != 1 || op.getNumRegions() != 0)
    return add(node);
  node.type = op.getResult(0).getType();
  if (matchPattern(&op, m_Constant(&node.value))) {
    node.kind = BodyNode::Constant;
    return add(node);
  }
  // What is left without operands (`linalg.index`) depends on the iteration.
  if (operands.empty())
    return add(node);
  node.kind = isCast(op) ? BodyNode::Cast : BodyNode::Operation;
  node.name = op.getName().getStringRef();
  node.word = getWord(node.name);
  node.details = getDetails(op);
  node.isCommutative = op.hasTrait<OpTrait::IsCommutative>();
  node.operands.assign(operands.begin(), operands.end());
  if (isa<arith::AddIOp, arith::SubIOp>(op) && isZero(operands[1]))
    return operands[0];
  if (isa<arith::AddIOp>(op) && isZero(operands[0]))
    return operands[1];
  if (isa<math::FmaOp>(op))
    return addFma(node);
  return node.kind == BodyNode::Cast ? addCast(node) : add(node);
}

/// Multiplying and adding at once is both, but for a rounding in between.
unsigned BodyTree::addFma(BodyNode node) {
  BodyNode product = node;
  product.name = arith::MulFOp::getOperationName();
  node.name = arith::AddFOp::getOperationName();
  product.operands.pop_back();
  product.isCommutative = node.isCommutative = true;
  product.word = getWord(product.name);
  node.word = getWord(node.name);
  node.operands = {add(product), node.operands[2]};
  return add(node);
}

/// Extending twice is extending once; what was extended without sign has none.
unsigned BodyTree::addCast(BodyNode node) {
  const BodyNode &inner = nodes[node.operands[0]];
  bool isSigned = node.name == arith::ExtSIOp::getOperationName();
  bool isExtension = isSigned ||
                     node.name == arith::ExtUIOp::getOperationName() ||
                     node.name == arith::ExtFOp::getOperationName();
  bool wasUnsigned = inner.name == arith::ExtUIOp::getOperationName();
  if (isExtension && (inner.name == node.name || (isSigned && wasUnsigned))) {
    node.name = inner.name;
    node.word = inner.word;
    node.operands = inner.operands;
  }
  return add(node);
}

bool BodyTree::isZero(unsigned n) const {
  auto value = dyn_cast_or_null<IntegerAttr>(nodes[n].value);
  return value && value.getValue().isZero();
}

//===----------------------------------------------------------------------===//
// Asking
//===----------------------------------------------------------------------===//

unsigned BodyTree::skipCasts(unsigned n) const {
  while (nodes[n].kind == BodyNode::Cast)
    n = nodes[n].operands[0];
  return n;
}

static std::string printConstant(Attribute value) {
  if (!isa<IntegerAttr, FloatAttr>(value))
    return "?";
  std::string text;
  llvm::raw_string_ostream stream(text);
  value.print(stream, /*elideType=*/true);
  return text;
}

static std::string printLeaf(const BodyNode &node) {
  switch (node.kind) {
  case BodyNode::Source:
    return node.source < 26 ? std::string(1, 'a' + node.source)
                            : llvm::formatv("src{0}", node.source + 1).str();
  case BodyNode::Accumulator:
    return "acc";
  case BodyNode::Constant:
    return printConstant(node.value);
  default:
    return "?";
  }
}

namespace {
/// Writes an expression down, at most so much that it can be read: values that
/// are shared are written several times.
class Printer {
public:
  Printer(const BodyTree &tree, bool withCasts)
      : tree(tree), withCasts(withCasts) {}
  std::string print(unsigned n, bool isFactor);

private:
  SmallVector<unsigned, 2> getOperands(const BodyNode &node) const;

  const BodyTree &tree;
  bool withCasts;
  unsigned numNodesLeft = 48;
};
} // namespace

SmallVector<unsigned, 2> Printer::getOperands(const BodyNode &node) const {
  SmallVector<unsigned, 2> operands = node.operands;
  if (node.isCommutative && operands.size() == 2 &&
      tree[operands[1]].place < tree[operands[0]].place)
    std::swap(operands[0], operands[1]);
  return operands;
}

std::string Printer::print(unsigned n, bool isFactor) {
  if (numNodesLeft == 0)
    return "..";
  --numNodesLeft;
  const BodyNode &node = tree[withCasts ? n : tree.skipCasts(n)];
  if (node.kind != BodyNode::Cast && node.kind != BodyNode::Operation)
    return printLeaf(node);
  bool isInfix = node.operands.size() == 2 && !llvm::isAlpha(node.word.front());
  auto texts = llvm::map_to_vector(getOperands(node), [&](unsigned operand) {
    return print(operand, isInfix && node.word != "+");
  });
  if (isInfix) {
    std::string text =
        llvm::formatv("{0} {1} {2}", texts[0], node.word, texts[1]);
    return isFactor && node.word != "*" ? "(" + text + ")" : text;
  }
  bool isNamedByType =
      node.kind == BodyNode::Cast && !node.word.ends_with("signed");
  std::string name =
      isNamedByType ? llvm::formatv("{0}", node.type).str() : node.word.str();
  return llvm::formatv("{0}({1})", name, llvm::join(texts, ", "));
}

std::string BodyTree::print(bool withCasts) const {
  return Printer(*this, withCasts).print(root, /*isFactor=*/false);
}
