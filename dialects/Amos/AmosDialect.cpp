//===- AmosDialect.cpp - Registration of attributes, types and ops --------===//

#include "Amos/AmosDialect.h"
#include "Amos/Verify.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace amos;

#include "Amos/AmosDialect.cpp.inc"

void AmosDialect::initialize() {
  registerAttributes();
  registerTypes();
  addOperations<
#define GET_OP_LIST
#include "Amos/AmosOps.cpp.inc"
      >();
  addInterfaces<KnownFacts>();
}

bool KnownFacts::holds(Attribute key, llvm::function_ref<bool()> check) {
  const auto *facts = key.getContext()
                          ->getLoadedDialect<AmosDialect>()
                          ->getRegisteredInterface<KnownFacts>();
  {
    std::scoped_lock lock(facts->mutex);
    if (facts->known.contains(key))
      return true;
  }
  if (!check())
    return false;
  std::scoped_lock lock(facts->mutex);
  facts->known.insert(key);
  return true;
}
