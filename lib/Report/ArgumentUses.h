//===- ArgumentUses.h - How a function uses an argument ---------*- C++ -*-===//
#ifndef AMOS_LIB_REPORT_ARGUMENTUSES_H
#define AMOS_LIB_REPORT_ARGUMENTUSES_H

#include "mlir/IR/Value.h"
#include <optional>

namespace amos {

/// What the uses of an argument do with its elements, following views, data
/// movement and the bodies of linalg ops.
struct ArgumentUses {
  bool isWritten = false;
  bool isExtendedUnsigned = false;
  bool isUsedOtherwise = false;
  /// Of integers that say where another tensor is read or written: the least of
  /// its extents there.
  std::optional<int64_t> indexBound;
};

ArgumentUses findUses(mlir::Value argument);

} // namespace amos

#endif // AMOS_LIB_REPORT_ARGUMENTUSES_H
