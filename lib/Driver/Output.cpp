//===- Output.cpp - What a compilation can write --------------------------===//

#include "amos/Driver/Output.h"
#include "llvm/Support/Path.h"

using namespace amos;

static ExitCode printModule(Compiler &compiler,
                            llvm::raw_pwrite_stream &stream) {
  compiler.getModule().print(stream);
  return ExitCode::Success;
}

static const OutputInfo outputs[] = {
    {Output::Candidates, "candidates", ".candidates.mlir", Stage::FindMappings,
     "the program with every proved mapping", printModule},
    {Output::Mapped, "mapped", ".mapped.mlir", Stage::ApplyMapping,
     "the mapped program: loops over tiles", printModule},
    {Output::Mlir, "mlir", ".lowered.mlir", Stage::Lower,
     "the program in the LLVM dialect", printModule},
};

llvm::ArrayRef<OutputInfo> amos::getOutputs() { return outputs; }

const OutputInfo &amos::getInfo(Output output) {
  return *llvm::find_if(
      outputs, [&](const OutputInfo &info) { return info.output == output; });
}

std::optional<Output> amos::findOutput(llvm::StringRef name) {
  for (const OutputInfo &info : outputs)
    if (info.name == name)
      return info.output;
  return std::nullopt;
}

llvm::SmallVector<Output> amos::getOutputsFor(llvm::StringRef path) {
  llvm::StringRef extension = llvm::sys::path::extension(path);
  if (extension == ".mlir")
    return {Output::Mapped};
  if (extension == ".o")
    return {Output::Object, Output::Header};
  for (const OutputInfo &info : outputs)
    if (info.suffix == extension)
      return {info.output};
  return {};
}
