//===- OutputPlan.cpp - What is written, and where ------------------------===//

#include "OutputPlan.h"
#include "llvm/Support/Path.h"

using namespace amos;
using llvm::StringRef;

std::string amos::getStem(const CompileRequest &request) {
  if (!request.output.empty() && request.output != "-")
    return llvm::sys::path::stem(request.output).str();
  if (request.input == "-")
    return "stdin";
  return llvm::sys::path::stem(request.input).str();
}

static std::string getFolder(const CompileRequest &request) {
  StringRef parent = llvm::sys::path::parent_path(request.output);
  if (request.outputFolder == "." && !parent.empty() && request.output != "-")
    return parent.str();
  return request.outputFolder;
}

OutputPlan::OutputPlan(const CompileRequest &request)
    : request(request), outputs(request.outputs) {
  llvm::SmallVector<Output> byName = getOutputsFor(request.output);
  if (outputs.empty() && (request.output.empty() || request.output == "-"))
    outputs = {Output::Object, Output::Header};
  else if (outputs.empty())
    outputs.assign(byName.begin(), byName.end());
  if (!request.output.empty() && !outputs.empty()) {
    bool matches = !byName.empty() && llvm::is_contained(outputs, byName[0]);
    named = matches ? byName[0] : outputs.front();
  }
  if (request.saveTemps)
    addTemporaries();
  llvm::sort(outputs);
  outputs.erase(std::unique(outputs.begin(), outputs.end()), outputs.end());
}

void OutputPlan::addTemporaries() {
  for (Output output :
       {Output::Mapped, Output::Mlir, Output::Llvm, Output::Assembly})
    if (!llvm::is_contained(outputs, output))
      temporaries.push_back(output);
  llvm::append_range(outputs, temporaries);
}

std::string OutputPlan::getPath(const OutputInfo &info) const {
  if (named == info.output)
    return request.output;
  bool isTemporary = llvm::is_contained(temporaries, info.output);
  llvm::SmallString<128> path(isTemporary && !request.tempFolder.empty()
                                  ? request.tempFolder
                                  : getFolder(request));
  llvm::sys::path::append(path, getStem(request) + info.suffix);
  llvm::sys::path::remove_dots(path);
  return path.str().str();
}

std::vector<PlannedFile> OutputPlan::getFiles() const {
  std::vector<PlannedFile> files;
  for (Output output : outputs)
    files.push_back({output, getPath(getInfo(output))});
  return files;
}

bool OutputPlan::isValid() const {
  if (outputs.empty()) {
    reportError("the extension of '" + request.output +
                "' does not say what to write; add --emit=");
    return false;
  }
  if (request.output == "-" && outputs.size() > 1) {
    reportError("several outputs cannot all go to the standard output; choose "
                "one with --emit=");
    return false;
  }
  return llvm::all_of(getFiles(), [](const PlannedFile &file) {
    return getInfo(file.output).write || canHoldBundle(file.path);
  });
}
