//===- PtxasReport.cpp - What the assembler says of kernels ---------------===//

#include "amos/Target/NVVM/PtxasReport.h"
#include "llvm/ADT/StringExtras.h"

using namespace amos;
using llvm::StringRef;

/// The number in front of `unit` in "Used 40 registers, 4 bytes smem"; 0 when
/// the unit does not occur.
static int64_t readNumber(StringRef line, StringRef unit) {
  size_t end = line.find((" " + unit).str());
  if (end == StringRef::npos)
    return 0;
  StringRef before = line.take_front(end);
  StringRef digits =
      before.drop_front(before.find_last_not_of("0123456789") + 1);
  int64_t number = 0;
  return digits.getAsInteger(10, number) ? 0 : number;
}

/// "used 1 barriers": the number follows a word, not a comma.
static void readUse(StringRef line, KernelReport &kernel) {
  kernel.registers = readNumber(line, "registers");
  kernel.barriers = readNumber(line, "barriers");
  kernel.shared = readNumber(line, "bytes smem");
  kernel.constants = readNumber(line, "bytes cmem[0]");
}

static void readStack(StringRef line, KernelReport &kernel) {
  kernel.stack = readNumber(line, "bytes stack frame");
  kernel.spillStores = readNumber(line, "bytes spill stores");
  kernel.spillLoads = readNumber(line, "bytes spill loads");
}

static bool isCostly(StringRef line) {
  for (StringRef code : {"C7508", "C7510", "C7514", "C7517", "C7519"})
    if (line.contains(code))
      return true;
  return false;
}

/// The name between the quotes that follow `start`.
static StringRef readName(StringRef line, StringRef start) {
  return line.split(start).second.split('\'').first;
}

PtxasReport amos::parsePtxasReport(StringRef text) {
  PtxasReport report;
  for (StringRef line : llvm::split(text, '\n')) {
    StringRef start = "Compiling entry function '";
    if (line.contains(start)) {
      report.kernels.emplace_back();
      report.kernels.back().kernel = readName(line, start).str();
    } else if (isCostly(line)) {
      report.warnings.push_back(line.split(": ").second.trim().str());
    }
    if (report.kernels.empty())
      continue;
    if (line.contains("bytes stack frame"))
      readStack(line, report.kernels.back());
    else if (line.contains(" Used ") && line.contains(" registers"))
      readUse(line, report.kernels.back());
  }
  return report;
}
