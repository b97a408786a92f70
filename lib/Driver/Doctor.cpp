//===- Doctor.cpp - amosc doctor ------------------------------------------===//

#include "amos/Driver/Accelerators.h"
#include "amos/Driver/Compile.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Program.h"
#include "llvm/TargetParser/Host.h"

using namespace amos;
using llvm::formatv;
using llvm::StringRef;

namespace {
struct Tool {
  /// The first that is found is used.
  llvm::SmallVector<StringRef> names;
  StringRef purpose;
  /// Whether `make demo` and ordinary use need it.
  bool isNeeded;
};
} // namespace

static bool examineTool(const Tool &tool, llvm::raw_ostream &stream) {
  for (StringRef name : tool.names)
    if (auto path = llvm::sys::findProgramByName(name)) {
      stream << formatv("  found    {0,-12} {1}\n", name, *path);
      return true;
    }
  stream << formatv("  {0} {1,-12} needed to {2}\n",
                    tool.isNeeded ? "MISSING " : "absent  ", tool.names.front(),
                    tool.purpose);
  return !tool.isNeeded;
}

static bool examineRunner(llvm::raw_ostream &stream) {
  std::string runner = findOwnProgram("amos-run");
  stream << formatv("  {0} {1,-12} {2}\n",
                    runner.empty() ? "MISSING " : "found   ", "amos-run",
                    runner.empty() ? "needed by 'amosc run'" : runner);
  return !runner.empty();
}

/// The machines whose every instruction this processor has.
static std::string getNativeMachines() {
  std::unique_ptr<mlir::MLIRContext> context = makeContext();
  auto files = findAccelerators(context.get(), "native");
  std::string names;
  if (succeeded(files))
    for (const AcceleratorFile &file : *files)
      names += (names.empty() ? "" : ", ") + file.name;
  return names;
}

ExitCode amos::examineEnvironment(llvm::raw_ostream &stream) {
  const Tool tools[] = {
      {{"cc", "clang-22", "clang", "gcc", "ld.lld-22", "ld.lld", "ld"},
       "link shared objects",
       true},
      {{"ptxas"}, "assemble kernels for NVIDIA machines", false},
  };
  bool healthy = examineRunner(stream);
  for (const Tool &tool : tools)
    healthy &= examineTool(tool, stream);
  stream << "  processor " << llvm::sys::getHostCPUName() << '\n';
  for (const AcceleratorFile &file : listAccelerators())
    stream << formatv("  machine   {0,-14} {1}\n", file.name, file.path);
  stream << "  native    " << getNativeMachines() << '\n';
  return healthy ? ExitCode::Success : ExitCode::Environment;
}
