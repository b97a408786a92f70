//===- HeldType.cpp - What registers hold of an operand -------------------===//

#include "Amos/HeldType.h"
#include "Amos/Placement.h"

using namespace mlir;
using namespace amos;

bool amos::isWidening(Type narrow, Type wide) {
  auto from = dyn_cast<FloatType>(narrow), to = dyn_cast<FloatType>(wide);
  return from && to && from.getWidth() < to.getWidth() &&
         llvm::APFloatBase::isRepresentableBy(from.getFloatSemantics(),
                                              to.getFloatSemantics());
}

Type amos::getHeldType(IntrinsicOp intrinsic, unsigned t) {
  Type element = intrinsic.getOperandType(t).getElementType();
  Region &lowering = intrinsic.getLowering();
  if (lowering.empty() || t >= lowering.getNumArguments())
    return element;
  std::optional<Scalars> scalars =
      getScalars(lowering.getArgument(t).getType());
  return scalars && isWidening(element, scalars->type) ? scalars->type
                                                       : element;
}
