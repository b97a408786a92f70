//===- Source.h - Reading a program before it is parsed ---------*- C++ -*-===//
#ifndef AMOS_DRIVER_SOURCE_H
#define AMOS_DRIVER_SOURCE_H

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace amos {

/// Programs larger than this are refused: 1 GiB, in bytes.
constexpr uint64_t maximalSourceSize = uint64_t(1) << 30;
/// Brackets nested deeper than this are refused; the parser is recursive.
constexpr unsigned maximalNesting = 200;

/// Why `text` must not reach the parser, or success: it is bytecode, or its
/// brackets are not nested too deeply outside of strings and comments.
llvm::Error checkNesting(llvm::StringRef text, llvm::StringRef name);

/// Reads the file `path` and checks size and nesting.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readSource(llvm::StringRef path);
/// The same for a program that was read already, shown as `name`.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readText(llvm::StringRef text, llvm::StringRef name);

} // namespace amos

#endif // AMOS_DRIVER_SOURCE_H
