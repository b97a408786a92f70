//===- Environment.cpp - What runs code here ------------------------------===//

#include "amos/Tuning/Measurement.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace amos;
using llvm::StringRef;

/// As `amos-run` spells it in its results.
std::string amos::describeProcessor() {
  auto buffer = llvm::MemoryBuffer::getFileAsStream("/proc/cpuinfo");
  if (!buffer)
    return "unknown";
  for (StringRef line : llvm::split((*buffer)->getBuffer(), '\n'))
    if (line.starts_with("model name"))
      return line.split(": ").second.str();
  return "unknown";
}
