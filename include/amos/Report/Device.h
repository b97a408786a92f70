//===- Device.h - What functions that launch kernels carry ------*- C++ -*-===//
#ifndef AMOS_REPORT_DEVICE_H
#define AMOS_REPORT_DEVICE_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>

namespace amos {

/// On a host function: the `#nvvm.target` of the kernels it launches. Its
/// buffers are memory of that device.
inline constexpr llvm::StringLiteral deviceAttributeName = "amos.device";
/// On a host function: an array with one dictionary for each launch, in program
/// order; docs/Manifest.md says what is in it.
inline constexpr llvm::StringLiteral launchesAttributeName = "amos.launches";
/// On a kernel: what the assembler said about it.
inline constexpr llvm::StringLiteral assemblerAttributeName = "amos.ptxas";
/// In a kernel: what it waits with until kernels in front of it have ended.
inline constexpr llvm::StringLiteral awaitAttributeName = "amos.await";

/// Bytes that buffers in kernels are aligned to: what C functions check.
inline constexpr int64_t deviceAlignment = 16;

} // namespace amos

#endif // AMOS_REPORT_DEVICE_H
