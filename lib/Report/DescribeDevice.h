//===- DescribeDevice.h - Kernels in the manifest ---------------*- C++ -*-===//
#ifndef AMOS_LIB_REPORT_DESCRIBEDEVICE_H
#define AMOS_LIB_REPORT_DESCRIBEDEVICE_H

#include "mlir/IR/BuiltinOps.h"
#include <nlohmann/json.hpp>

namespace amos {

/// The device a function runs on and what it launches there; null for a
/// function of the host.
nlohmann::ordered_json describeDevice(mlir::Operation *function);

} // namespace amos

#endif // AMOS_LIB_REPORT_DESCRIBEDEVICE_H
