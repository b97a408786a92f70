//===- Toolkit.h - What is used of NVIDIA's toolkit -------------*- C++ -*-===//
#ifndef AMOS_TARGET_NVVM_TOOLKIT_H
#define AMOS_TARGET_NVVM_TOOLKIT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace amos {

/// Something that is installed elsewhere is not here; the message says what it
/// is needed for and where it was looked for.
class MissingTool : public llvm::ErrorInfo<MissingTool> {
public:
  static char ID;
  explicit MissingTool(const llvm::Twine &message) : message(message.str()) {}
  void log(llvm::raw_ostream &stream) const override { stream << message; }
  std::error_code convertToErrorCode() const override {
    return std::make_error_code(std::errc::no_such_file_or_directory);
  }

private:
  std::string message;
};

/// A program of the toolkit: in the `bin` of the folder that CUDA_HOME,
/// CUDA_PATH or CUDA_ROOT names, else on PATH. Empty when it is in neither.
std::string findToolkitProgram(llvm::StringRef name);

/// The bitcode of CUDA's mathematical functions, in the toolkit that `ptxas`
/// belongs to. Empty when there is none.
std::string findDeviceLibrary();

/// Runs a program of the toolkit; returns all it printed. A MissingTool when it
/// is not there, with `purpose` ("assemble kernels") in the message; its
/// complaints when it fails.
llvm::Expected<std::string>
runToolkitProgram(llvm::StringRef name, llvm::ArrayRef<std::string> arguments,
                  llvm::StringRef purpose);

/// A folder for the files of the toolkit's programs, removed with its object.
class TemporaryFolder {
public:
  static llvm::Expected<TemporaryFolder> create();
  TemporaryFolder(TemporaryFolder &&other) noexcept
      : path(std::exchange(other.path, {})) {}
  ~TemporaryFolder();

  std::string getPath(llvm::StringRef file) const {
    return path + "/" + file.str();
  }
  llvm::Error write(llvm::StringRef file, llvm::StringRef bytes) const;
  llvm::Expected<std::string> read(llvm::StringRef file) const;

private:
  explicit TemporaryFolder(llvm::StringRef path) : path(path.str()) {}
  std::string path;
};

} // namespace amos

#endif // AMOS_TARGET_NVVM_TOOLKIT_H
