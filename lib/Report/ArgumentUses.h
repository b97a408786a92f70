//===- ArgumentUses.h - How a function uses an argument ---------*- C++ -*-===//
#ifndef AMOS_LIB_REPORT_ARGUMENTUSES_H
#define AMOS_LIB_REPORT_ARGUMENTUSES_H

#include "mlir/IR/Value.h"

namespace amos {

/// What the uses of an argument do with its elements, following views, data
/// movement and the bodies of linalg ops.
struct ArgumentUses {
  bool isWritten = false;
  bool isExtendedUnsigned = false;
  bool isUsedOtherwise = false;
};

ArgumentUses findUses(mlir::Value argument);

} // namespace amos

#endif // AMOS_LIB_REPORT_ARGUMENTUSES_H
