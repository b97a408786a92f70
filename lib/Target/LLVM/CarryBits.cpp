//===- CarryBits.cpp - bf16 values that are only moved --------------------===//

#include "CarryBits.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;

/// The bits of `value`, taken where it is defined, so that no bf16 crosses a
/// block.
static Value *getBits(Value *value, Type *bits) {
  if (auto *constant = dyn_cast<Constant>(value))
    return ConstantExpr::getBitCast(constant, bits);
  if (auto *argument = dyn_cast<Argument>(value)) {
    BasicBlock &entry = argument->getParent()->getEntryBlock();
    return IRBuilder<>(&entry, entry.getFirstInsertionPt())
        .CreateBitCast(value, bits);
  }
  auto place = cast<Instruction>(value)->getInsertionPointAfterDef();
  return IRBuilder<>((*place)->getParent(), *place).CreateBitCast(value, bits);
}

static void replaceBy(Instruction *old, Value *bits) {
  auto place = old->getInsertionPointAfterDef();
  IRBuilder<> builder((*place)->getParent(), *place);
  old->replaceAllUsesWith(builder.CreateBitCast(bits, old->getType()));
  old->eraseFromParent();
}

/// A phi may be its own operand by way of a loop: `getBits` then reads the old
/// one, which is replaced with the rest.
static void carryPhi(PHINode *phi, Type *bits) {
  PHINode *carried = PHINode::Create(bits, phi->getNumIncomingValues(),
                                     phi->getName(), phi->getIterator());
  for (unsigned n = 0; n < phi->getNumIncomingValues(); ++n)
    carried->addIncoming(getBits(phi->getIncomingValue(n), bits),
                         phi->getIncomingBlock(n));
  replaceBy(phi, carried);
}

static void carrySelect(SelectInst *select, Type *bits) {
  IRBuilder<> builder(select);
  replaceBy(select,
            builder.CreateSelect(select->getCondition(),
                                 getBits(select->getTrueValue(), bits),
                                 getBits(select->getFalseValue(), bits)));
}

void amos::carryBf16AsBits(Module &module) {
  Type *bits = Type::getInt16Ty(module.getContext());
  for (Function &function : module) {
    SmallVector<Instruction *> moves;
    for (Instruction &instruction : instructions(function))
      if (instruction.getType()->isBFloatTy() &&
          isa<PHINode, SelectInst>(instruction))
        moves.push_back(&instruction);
    for (Instruction *move : moves)
      if (auto *phi = dyn_cast<PHINode>(move))
        carryPhi(phi, bits);
      else
        carrySelect(cast<SelectInst>(move), bits);
  }
}
