//===- Compile.h - The bare form of amosc and its neighbours ----*- C++ -*-===//
#ifndef AMOS_DRIVER_COMPILE_H
#define AMOS_DRIVER_COMPILE_H

#include "amos/Driver/Bundle.h"
#include "amos/Driver/Output.h"

namespace amos {

struct CompileRequest : CompilerOptions {
  /// `-o`; "-" is the standard output.
  std::string output;
  /// Where files go that `output` does not name.
  std::string outputFolder = ".";
  /// Empty: by the extension of `output`, else object and header.
  std::vector<Output> outputs;
  std::optional<Stage> stopAfter;
  bool writeDependencies = false;
  /// Of the dependency file; empty: beside the first output.
  std::string dependencyFile;
  /// Also write every intermediate form; to the folder, if one is named.
  bool saveTemps = false;
  std::string tempFolder;
  /// What `--emit=candidates` writes.
  BundleRequest bundle;
  /// Print reports as JSON.
  bool json = false;
  /// Where `explain` writes its page; empty: nowhere.
  std::string page;
};

/// The name of outputs without folder and extension.
std::string getStem(const CompileRequest &request);

/// `amosc FILE`: compiles in a child process and writes the outputs.
ExitCode compile(const CompileRequest &request);

/// `amosc explain FILE`: the candidates and refusals on the standard output.
ExitCode explain(const CompileRequest &request);

/// `amosc run FILE`: compiles to a temporary folder and runs the result there
/// under `amos-run` with `arguments`.
ExitCode compileAndRun(CompileRequest request,
                       llvm::ArrayRef<std::string> arguments);

/// `amosc doctor`: the tools and processor features found here, and what
/// cannot be done for want of others. Environment when a needed one is missing.
ExitCode examineEnvironment(bool json, llvm::raw_ostream &stream);

/// `amosc --version`: amosc, LLVM, the CUDA tools and machines it finds.
std::string describeVersion();

/// What makes code, for a device with its assembler: measurements of others do
/// not count.
std::string describeTools(bool isDevice);

/// Remembers the command line, for reproducers, and where amosc lies.
void rememberInvocation(int argc, char **argv);
/// A program of the project beside amosc, or on PATH; empty if there is none.
std::string findOwnProgram(llvm::StringRef name);

} // namespace amos

#endif // AMOS_DRIVER_COMPILE_H
