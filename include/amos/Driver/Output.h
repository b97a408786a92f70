//===- Output.h - What a compilation can write ------------------*- C++ -*-===//
#ifndef AMOS_DRIVER_OUTPUT_H
#define AMOS_DRIVER_OUTPUT_H

#include "amos/Driver/Compiler.h"
#include "llvm/Support/raw_ostream.h"

namespace amos {

/// In the order in which a compilation can produce them.
enum class Output {
  Candidates,
  Explain,
  Mapped,
  Mlir,
  Ptx,
  Cubin,
  Fatbin,
  Sass,
  Llvm,
  Assembly,
  Object,
  SharedObject,
  Reference,
  Header,
  Manifest
};

/// An output and the file it goes to.
struct PlannedFile {
  Output output;
  std::string path;
};

struct OutputInfo {
  Output output;
  /// The word after `--emit=`.
  llvm::StringRef name;
  /// Of its file, with the dot.
  llvm::StringRef suffix;
  /// The stage whose result it is made from.
  Stage after;
  llvm::StringRef summary;
  /// Writes it; knows every file of the compilation. Null for a folder.
  ExitCode (*write)(Compiler &, llvm::ArrayRef<PlannedFile>,
                    llvm::raw_pwrite_stream &);
};

/// Every output, in order.
llvm::ArrayRef<OutputInfo> getOutputs();
const OutputInfo &getInfo(Output output);
/// The output that `--emit=name` asks for.
std::optional<Output> findOutput(llvm::StringRef name);
/// The outputs that a file name asks for by its extension; empty if none.
llvm::SmallVector<Output> getOutputsFor(llvm::StringRef path);

} // namespace amos

#endif // AMOS_DRIVER_OUTPUT_H
