//===- Extend.cpp - Making a machine from another -------------------------===//

#include "Extend.h"
#include "amos/Driver/ChangePart.h"

using namespace mlir;
using namespace amos;

/// The parts that a change or a removal names, none after a report.
static SmallVector<Operation *> findNamed(AcceleratorOp machine, Operation *op,
                                          FlatSymbolRefAttr name) {
  SmallVector<Operation *> parts = findParts(machine, name.getValue());
  // What is described further down is not there yet.
  llvm::erase_if(parts,
                 [&](Operation *part) { return op->isBeforeInBlock(part); });
  if (parts.empty())
    op->emitOpError("expects a part that is there already, found none named '")
        << name << "'" << suggestPart(machine, name.getValue());
  return parts;
}

static LogicalResult carryOut(ChangeOp change, AcceleratorOp machine) {
  SmallVector<Operation *> parts =
      findNamed(machine, change, change.getPartAttr());
  for (Operation *part : parts)
    for (NamedAttribute value : change.getValues())
      if (failed(changePart(part, value.getName(), value.getValue(),
                            change.getLoc())))
        return failure();
  change.erase();
  return success(!parts.empty());
}

static LogicalResult carryOut(RemoveOp removal, AcceleratorOp machine) {
  SmallVector<Operation *> parts =
      findNamed(machine, removal, removal.getPartAttr());
  for (Operation *part : parts)
    part->erase();
  removal.erase();
  return success(!parts.empty());
}

/// The part of the base that `part` takes the place of.
static Operation *findReplaced(Operation *part, ArrayRef<Operation *> base) {
  auto name = part->getAttrOfType<StringAttr>(SymbolTable::getSymbolAttrName());
  auto fence = dyn_cast<FenceOp>(part);
  for (Operation *other : base) {
    if (name && other->getAttr(SymbolTable::getSymbolAttrName()) == name)
      return other;
    auto otherFence = dyn_cast<FenceOp>(other);
    if (fence && otherFence &&
        fence->getAttrDictionary() == otherFence->getAttrDictionary())
      return other;
  }
  return nullptr;
}

/// Puts `part` where the part of its name stood, if there is one.
static LogicalResult replace(Operation *part, AcceleratorOp machine) {
  SmallVector<Operation *> before;
  for (Operation &other : *machine.getBody()) {
    if (&other == part)
      break;
    before.push_back(&other);
  }
  Operation *replaced = findReplaced(part, before);
  if (!replaced)
    return success();
  if (replaced->getName() != part->getName()) {
    InFlightDiagnostic diagnostic =
        part->emitOpError("expects the name of an '")
        << part->getName() << "' of the base or a new one, '@"
        << SymbolTable::getSymbolName(part).getValue() << "' is an '"
        << replaced->getName() << "'";
    diagnostic.attachNote(replaced->getLoc()) << "described here";
    return diagnostic;
  }
  part->moveBefore(replaced);
  replaced->erase();
  return success();
}

static LogicalResult carryOut(Operation *part, AcceleratorOp machine) {
  if (auto change = dyn_cast<ChangeOp>(part))
    return carryOut(change, machine);
  if (auto removal = dyn_cast<RemoveOp>(part))
    return carryOut(removal, machine);
  return replace(part, machine);
}

LogicalResult amos::extendAccelerator(AcceleratorOp machine,
                                      AcceleratorOp base) {
  SmallVector<Operation *> own;
  for (Operation &part : *machine.getBody())
    own.push_back(&part);
  OpBuilder builder = OpBuilder::atBlockBegin(machine.getBody());
  for (Operation &part : *base.getBody())
    builder.clone(part);
  for (Operation *part : own)
    if (failed(carryOut(part, machine)))
      return failure();
  if (!machine.getTarget() && base.getTarget())
    machine.setTargetAttr(base.getTargetAttr());
  if (!machine.getClock() && base.getClock())
    machine.setClockAttr(base.getClockAttr());
  machine.removeBaseAttr();
  machine.removeFileAttr();
  return success();
}
