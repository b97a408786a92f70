//===- AcceleratorOps.cpp - The description of a machine ------------------===//

#include "Amos/AmosDialect.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace amos;
