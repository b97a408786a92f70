//===- Width.cpp - How far an index expression reaches --------------------===//

#include "Arrangement.h"

using namespace mlir;
using namespace amos;

void Width::append(AffineExpr expr) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    steps.push_back({Step::Dim, dim.getPosition()});
    return;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary) {
    steps.push_back({Step::Constant, 0});
    return;
  }
  append(binary.getLHS());
  if (expr.getKind() == AffineExprKind::Add) {
    append(binary.getRHS());
    steps.push_back({Step::Add, 0});
    return;
  }
  auto constant = dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (!constant || constant.getValue() == 0)
    return;
  Step step = expr.getKind() == AffineExprKind::Mul   ? Step::Mul
              : expr.getKind() == AffineExprKind::Mod ? Step::Mod
                                                      : Step::Div;
  steps.push_back({step, std::abs(constant.getValue())});
}

int64_t Width::evaluate(ArrayRef<int64_t> spans) const {
  SmallVector<int64_t, 8> stack;
  for (auto [step, value] : steps) {
    switch (step) {
    case Step::Dim:
      stack.push_back(spans[value] - 1);
      break;
    case Step::Constant:
      stack.push_back(0);
      break;
    case Step::Add: {
      int64_t last = stack.pop_back_val();
      stack.back() += last;
      break;
    }
    case Step::Mul:
      stack.back() *= value;
      break;
    case Step::Div:
      stack.back() /= value;
      break;
    case Step::Mod:
      stack.back() = std::min(stack.back(), value - 1);
      break;
    }
  }
  return stack.back();
}
