//===- Operators.cpp - Operators and intrinsics written as text -----------===//

#include "Operators.h"

using namespace mlir;
using namespace amos;
using namespace amos::test;

MLIRContext *amos::test::getContext() {
  static MLIRContext context(MLIRContext::Threading::DISABLED);
  return &context;
}

/// A sum of terms such as "2p".
static AffineExpr parseIndex(StringRef text, ArrayRef<Iteration> iterations) {
  AffineExpr sum = getAffineConstantExpr(0, getContext());
  while (!text.empty()) {
    int64_t sign = text.consume_front("-") ? -1 : 1;
    text.consume_front("+");
    StringRef term =
        text.take_until([](char c) { return c == '+' || c == '-'; });
    text = text.drop_front(term.size());
    unsigned long long factor = 1;
    bool isNumber = !term.consumeInteger(10, factor);
    if (term.empty() && isNumber) {
      sum = sum + sign * int64_t(factor);
      continue;
    }
    for (auto [v, iteration] : llvm::enumerate(iterations))
      if (iteration.name == term)
        sum =
            sum + getAffineDimExpr(v, getContext()) * (sign * int64_t(factor));
  }
  return sum;
}

Contraction amos::test::parseContraction(StringRef iterations,
                                         ArrayRef<StringRef> indices) {
  Contraction op;
  SmallVector<StringRef> words;
  iterations.split(words, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef word : words) {
    bool isReduction = word.consume_front("+");
    auto [name, extent] = word.split(':');
    op.iterations.push_back(
        {name.str(), std::stoll(extent.str()), isReduction});
  }
  for (StringRef index : indices) {
    SmallVector<AffineExpr> results;
    for (StringRef text : llvm::split(index, ','))
      results.push_back(parseIndex(text, op.iterations));
    op.operands.push_back(
        {AffineMap::get(op.iterations.size(), 0, results, getContext()),
         /*shape=*/{},
         /*guards=*/{}, Float32Type::get(getContext()),
         /*strides=*/{}});
  }
  fitShapes(op);
  return op;
}

std::pair<int64_t, int64_t> amos::test::getRange(AffineExpr e,
                                                 ArrayRef<int64_t> extents) {
  if (auto constant = dyn_cast<AffineConstantExpr>(e))
    return {constant.getValue(), constant.getValue()};
  if (auto dim = dyn_cast<AffineDimExpr>(e))
    return {0, extents[dim.getPosition()] - 1};
  auto binary = cast<AffineBinaryOpExpr>(e);
  auto [a, b] = getRange(binary.getLHS(), extents);
  auto [c, d] = getRange(binary.getRHS(), extents);
  switch (e.getKind()) {
  case AffineExprKind::Add:
    return {a + c, b + d};
  case AffineExprKind::Mul:
    return c < 0 ? std::pair(b * c, a * c) : std::pair(a * c, b * c);
  case AffineExprKind::FloorDiv:
    return {llvm::divideFloorSigned(a, c), llvm::divideFloorSigned(b, c)};
  default:
    return {0, c - 1};
  }
}

void amos::test::fitShapes(Contraction &op) {
  for (Access &access : op.operands) {
    access.shape.clear();
    for (AffineExpr e : access.index.getResults())
      access.shape.push_back(getRange(e, op.getExtents()).second + 1);
  }
}

void amos::test::setShape(Contraction &op, unsigned operand,
                          ArrayRef<int64_t> shape) {
  Access &access = op.operands[operand];
  access.shape = llvm::to_vector(shape);
  access.guards.clear();
  for (auto [e, extent] : llvm::zip_equal(access.index.getResults(), shape)) {
    auto [low, high] = getRange(e, op.getExtents());
    if (low < 0)
      access.guards.push_back(e);
    if (high >= extent)
      access.guards.push_back(extent - 1 - e);
  }
}

Contraction amos::test::getConvolution(const Convolution &conv) {
  static const char *spatial[] = {"d", "p", "q"}, *kernel[] = {"t", "r", "s"};
  unsigned rank = conv.out.size(), first = 3 - rank;
  auto number = [](int64_t value) { return std::to_string(value); };
  SmallVector<std::string> loops{"n:" + number(conv.size[0])};
  SmallVector<std::string> image{"n", "c"}, result{"n"}, weight;
  SmallVector<int64_t> shape{conv.size[0], conv.size[conv.isDepthwise ? 1 : 2]};
  StringRef channel = conv.isDepthwise ? "c" : "k";
  loops.push_back((channel + ":").str() + number(conv.size[1]));
  result.push_back(channel.str());
  weight.push_back(channel.str());
  for (unsigned d = 0; d < rank; ++d)
    loops.push_back(spatial[first + d] + (":" + number(conv.out[d])));
  if (!conv.isDepthwise) {
    loops.push_back("+c:" + number(conv.size[2]));
    weight.push_back("c");
  }
  for (unsigned d = 0; d < rank; ++d) {
    std::string p = spatial[first + d], r = kernel[first + d];
    loops.push_back("+" + r + ":" + number(conv.window[d]));
    image.push_back(number(conv.stride) + p + "+" + number(conv.dilation) + r +
                    "-" + number(conv.pad));
    weight.push_back(conv.isFlipped ? number(conv.window[d] - 1) + "-" + r : r);
    result.push_back(p);
    shape.push_back((conv.out[d] - 1) * conv.stride +
                    (conv.window[d] - 1) * conv.dilation + 1 - 2 * conv.pad);
  }
  Contraction op = parseContraction(
      llvm::join(loops, " "), {llvm::join(image, ","), llvm::join(weight, ","),
                               llvm::join(result, ",")});
  setShape(op, 0, shape);
  return op;
}

Contraction amos::test::getMatrixUnit(int64_t m, int64_t n, int64_t k) {
  std::string iterations = "i1:" + std::to_string(m) +
                           " i2:" + std::to_string(n) +
                           " +r1:" + std::to_string(k);
  return parseContraction(iterations, {"i1,r1", "r1,i2", "i1,i2"});
}

std::vector<Evaluated> amos::test::getEvaluatedOperators() {
  auto gemm = [](StringRef loops) {
    return parseContraction(loops, {"i,l", "l,j", "i,j"});
  };
  return {
      {"GMV", gemm("i:512 j:2 +l:16"), 1, 1},
      {"GMM", gemm("i:16 j:512 +l:128"), 1, 1},
      {"C1D",
       parseContraction("n:2 k:512 p:894 +c:512 +s:3",
                        {"n,c,p+s", "k,c,s", "n,k,p"}),
       9, 6},
      {"C2D",
       parseContraction("n:2 k:64 p:56 q:56 +c:64 +r:3 +s:3",
                        {"n,c,p+r,q+s", "k,c,r,s", "n,k,p,q"}),
       49, 35},
      {"C3D",
       parseContraction("n:2 k:64 d:8 p:56 q:56 +c:64 +t:3 +r:3 +s:3",
                        {"n,c,d+t,p+r,q+s", "k,c,t,r,s", "n,k,d,p,q"}),
       225, 180},
      {"T2D",
       parseContraction("n:2 k:64 p:56 q:56 +c:64 +r:3 +s:3",
                        {"n,c,p+2-r,q+2-s", "c,k,r,s", "n,k,p,q"}),
       49, 7},
      {"GRP",
       parseContraction("n:2 g:3 k:72 p:28 q:28 +c:18 +r:2 +s:2",
                        {"n,g,c,p+r,q+s", "g,k,c,r,s", "n,g,k,p,q"}),
       49, 35},
      {"DIL",
       parseContraction("n:2 k:512 p:56 q:56 +c:256 +r:3 +s:3",
                        {"n,c,p+2r,q+2s", "k,c,r,s", "n,k,p,q"}),
       49, 35},
      {"DEP",
       parseContraction("n:2 c:16 m:6 p:56 q:56 +r:3 +s:3",
                        {"n,c,2p+r,2q+s", "c,m,r,s", "n,c,m,p,q"}),
       21, 11},
      {"CAP",
       parseContraction("n:2 k:64 p:56 q:56 u:8 +c:64 +r:3 +s:3",
                        {"n,c,p+r,q+s", "k,c,r,s,u", "n,k,p,q,u"}),
       147, 105},
      {"BCV",
       parseContraction("n:2 k:64 p:56 q:56 +c:64 +r:3 +s:3",
                        {"n,c,p+r,q+s", "n,k,c,r,s", "n,k,p,q"}),
       21, 11},
      {"GFC",
       parseContraction("n:2 g:24 k:9 +c:2", {"n,g,c", "g,k,c", "n,g,k"}), 1,
       1},
      {"MEN", gemm("i:64 j:2 +l:3136"), 1, 1},
      {"VAR", gemm("i:64 j:2 +l:3136"), 1, 1},
      {"SCN", gemm("i:16 j:512 +l:128"), 1, 1},
  };
}
