//===- Variants.cpp - One object for several machines ---------------------===//

#include "amos/Driver/Variants.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace amos;
using llvm::StringRef;

/// "x86_avx2_mine" for "x86-avx2+folder/mine.mlir".
static std::string getLabel(StringRef target) {
  std::string label;
  for (StringRef machine : llvm::split(target, '+'))
    label += (label.empty() ? "" : "_") + llvm::sys::path::stem(machine).str();
  for (char &c : label)
    if (!llvm::isAlnum(c))
      c = '_';
  return label;
}

/// What tells of the mappings of one machine, empty if nothing does.
static StringRef findSingular(const CompileRequest &request) {
  if (request.stopAfter)
    return "--stop-after";
  if (request.startFrom)
    return "--start-from";
  if (llvm::is_contained(request.outputs, Output::Candidates))
    return "--emit=candidates";
  return request.pipeline.mappings.empty() ? "" : "--mapping";
}

std::vector<Variant> amos::readVariants(const CompileRequest &request,
                                        ExitCode &code) {
  std::vector<Variant> variants;
  code = ExitCode::Success;
  if (request.targets.size() < 2)
    return {};
  for (const std::string &target : request.targets) {
    Variant variant{target, getLabel(target)};
    for (const Variant &other : variants)
      if (other.label == variant.label) {
        reportError("'--target=" + target + "' has the name '" + other.label +
                    "' in common with '--target=" + other.target +
                    "'; give each machine once, in a file of another name");
        code = ExitCode::Usage;
      }
    variants.push_back(std::move(variant));
  }
  if (StringRef option = findSingular(request); !option.empty()) {
    reportError("'" + option +
                "' is about the program for one machine; give "
                "one '--target', or join machines by '+'");
    code = ExitCode::Usage;
  }
  return variants;
}

CompileRequest amos::getPart(const CompileRequest &request,
                             const Variant &variant) {
  CompileRequest part = request;
  part.targets = {variant.target};
  if (!part.stageFolder.empty())
    part.stageFolder += "/" + variant.label;
  return part;
}

PlannedFile amos::getPart(const PlannedFile &file, const Variant &variant) {
  StringRef path = file.path;
  StringRef suffix = getInfo(file.output).suffix;
  if (!path.consume_back(suffix)) {
    suffix = llvm::sys::path::extension(path);
    path = path.drop_back(suffix.size());
  }
  return {file.output, (path + "." + variant.label + suffix).str()};
}
