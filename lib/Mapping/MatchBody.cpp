//===- MatchBody.cpp - Do two bodies compute the same? --------------------===//

#include "amos/Mapping/MatchBody.h"
#include "Accumulation.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <numeric>

using namespace mlir;
using namespace amos;

namespace {
enum class Strictness {
  Exact, ///< the same ops on the same types
  Shape, ///< the same up to casts and types: `+` is `+`
};

/// Compares the tree of an operator with that of an intrinsic whose source t
/// is played by source `order[t]`.
class Comparison {
public:
  Comparison(const BodyTree &op, const BodyTree &intrinsic,
             ArrayRef<int64_t> order, Strictness strictness)
      : op(op), intrinsic(intrinsic), order(order), strictness(strictness) {}

  bool areEqual(unsigned left, unsigned right);

private:
  bool compare(const BodyNode &left, const BodyNode &right);
  bool compareOperands(const BodyNode &left, const BodyNode &right);

  const BodyTree &op, &intrinsic;
  ArrayRef<int64_t> order;
  Strictness strictness;
  /// Values may be shared; comparing them again and again is exponential.
  llvm::DenseMap<std::pair<unsigned, unsigned>, bool> known;
};
} // namespace

bool Comparison::areEqual(unsigned left, unsigned right) {
  if (strictness == Strictness::Shape) {
    left = op.skipCasts(left);
    right = intrinsic.skipCasts(right);
  }
  auto found = known.find({left, right});
  if (found != known.end())
    return found->second;
  bool result = compare(op[left], intrinsic[right]);
  known[{left, right}] = result;
  return result;
}

bool Comparison::compare(const BodyNode &left, const BodyNode &right) {
  if (left.kind != right.kind)
    return false;
  bool isExact = strictness == Strictness::Exact;
  if (isExact && left.type != right.type)
    return false;
  switch (left.kind) {
  case BodyNode::Source:
    return right.source < order.size() && left.source == order[right.source];
  case BodyNode::Accumulator:
    return true;
  case BodyNode::Constant:
    return !isExact || left.value == right.value;
  case BodyNode::Unknown:
    return false;
  case BodyNode::Cast:
  case BodyNode::Operation:
    break;
  }
  if (isExact ? left.name != right.name || left.details != right.details
              : left.word != right.word)
    return false;
  return compareOperands(left, right);
}

bool Comparison::compareOperands(const BodyNode &left, const BodyNode &right) {
  if (left.operands.size() != right.operands.size())
    return false;
  if (llvm::all_of_zip(left.operands, right.operands,
                       [&](unsigned l, unsigned r) { return areEqual(l, r); }))
    return true;
  return left.isCommutative && left.operands.size() == 2 &&
         areEqual(left.operands[0], right.operands[1]) &&
         areEqual(left.operands[1], right.operands[0]);
}

static bool areEqual(const BodyTree &op, const BodyTree &intrinsic,
                     ArrayRef<int64_t> order, Strictness strictness) {
  return Comparison(op, intrinsic, order, strictness)
      .areEqual(op.getRoot(), intrinsic.getRoot());
}

/// The orders of `numSources` sources that `isRight`, the identity first.
static SourceOrders
filterOrders(int64_t numSources,
             llvm::function_ref<bool(ArrayRef<int64_t>)> isRight) {
  constexpr int64_t maxPermuted = 5; // 120 orders
  SourceOrders orders;
  auto order = llvm::to_vector(llvm::seq<int64_t>(0, numSources));
  do {
    if (isRight(order))
      orders.push_back(order);
  } while (numSources <= maxPermuted &&
           std::next_permutation(order.begin(), order.end()));
  return orders;
}

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

static Reason getBodyReason(const BodyTree &op, const BodyTree &intrinsic,
                            bool withCasts) {
  std::string ours = op.print(withCasts), theirs = intrinsic.print(withCasts);
  // `max` of floats is two operations, of integers two others.
  if (ours == theirs)
    theirs = "the same by other operations";
  return {ReasonCode::Body,
          llvm::formatv("the operator computes {0}, the intrinsic {1}", ours,
                        theirs),
          ""};
}

static Reason getOrderReason(const BodyTree &op) {
  return {ReasonCode::Body,
          llvm::formatv("the operator computes {0}, which depends on the order "
                        "of its steps",
                        op.print(/*withCasts=*/false)),
          "accumulate by an associative operation"};
}

/// The intrinsic clamps what the operator computes.
static bool isSaturating(const BodyTree &op, const BodyTree &intrinsic,
                         ArrayRef<int64_t> identity) {
  unsigned root = intrinsic.skipCasts(intrinsic.getRoot());
  while (intrinsic[root].word == "min" || intrinsic[root].word == "max") {
    ArrayRef<unsigned> operands = intrinsic[root].operands;
    if (intrinsic[operands[1]].kind != BodyNode::Constant)
      return false;
    root = intrinsic.skipCasts(operands[0]);
  }
  return root != intrinsic.skipCasts(intrinsic.getRoot()) &&
         Comparison(op, intrinsic, identity, Strictness::Shape)
             .areEqual(op.getRoot(), root);
}

static Reason explainShape(const BodyTree &op, const BodyTree &intrinsic,
                           int64_t numSources) {
  SourceOrders saturating =
      filterOrders(numSources, [&](ArrayRef<int64_t> order) {
        return isSaturating(op, intrinsic, order);
      });
  if (!saturating.empty())
    return {ReasonCode::Range,
            "the intrinsic may saturate where the operator does not",
            "bound the values, or choose an intrinsic that wraps"};
  return getBodyReason(op, intrinsic, /*withCasts=*/false);
}

static std::optional<Reason> explainTypes(linalg::LinalgOp op,
                                          linalg::LinalgOp semantics,
                                          ArrayRef<int64_t> order) {
  auto getType = [](linalg::LinalgOp owner, int64_t operand) {
    return getElementTypeOrSelf(owner->getOperand(operand).getType());
  };
  for (auto [t, source] : llvm::enumerate(order)) {
    Type actual = getType(op, source), expected = getType(semantics, t);
    if (actual != expected)
      return Reason{
          ReasonCode::Dtype,
          llvm::formatv("operand {0} is of '{1}', expected '{2}' as source {3} "
                        "of the intrinsic",
                        source, actual, expected, t),
          llvm::formatv("give operand {0} as '{1}'", source, expected)};
  }
  int64_t destination = order.size();
  Type actual = getType(op, destination);
  Type expected = getType(semantics, destination);
  if (actual == expected)
    return std::nullopt;
  return Reason{ReasonCode::Dtype,
                llvm::formatv("the destination is of '{0}', expected '{1}'",
                              actual, expected),
                llvm::formatv("accumulate in '{0}'", expected)};
}

std::variant<SourceOrders, Reason> amos::matchBody(linalg::LinalgOp op,
                                                   IntrinsicOp intrinsic) {
  linalg::LinalgOp semantics = getSemantics(intrinsic);
  int64_t numSources = op.getNumDpsInputs();
  BodyTree ours(op), theirs(semantics);
  if (numSources != semantics.getNumDpsInputs())
    return Reason{
        ReasonCode::Body,
        llvm::formatv("the operator has {0} sources, the intrinsic {1}",
                      numSources, semantics.getNumDpsInputs()),
        ""};
  SourceOrders alike = filterOrders(numSources, [&](ArrayRef<int64_t> order) {
    return areEqual(ours, theirs, order, Strictness::Shape);
  });
  if (alike.empty())
    return explainShape(ours, theirs, numSources);
  SourceOrders typed;
  llvm::copy_if(alike, std::back_inserter(typed), [&](auto &order) {
    return !explainTypes(op, semantics, order);
  });
  if (typed.empty())
    return *explainTypes(op, semantics, alike.front());
  SourceOrders exact;
  llvm::copy_if(typed, std::back_inserter(exact), [&](auto &order) {
    return areEqual(ours, theirs, order, Strictness::Exact);
  });
  if (exact.empty()) {
    Reason reason = getBodyReason(ours, theirs, /*withCasts=*/true);
    if (isa<FloatType>(getElementTypeOrSelf(semantics->getOperand(0))))
      reason.fix = "write the casts that the intrinsic makes, if what they "
                   "round away does not matter";
    return reason;
  }
  if (!readAccumulation(ours, numSources).isReorderable)
    return getOrderReason(ours);
  return exact;
}
