//===- Dependencies.cpp - What make and ninja want to know ----------------===//

#include "Dependencies.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

using namespace amos;
using llvm::StringRef;

static std::string escapeForMake(StringRef path) {
  std::string escaped;
  for (char c : path) {
    if (c == ' ' || c == '#')
      escaped += '\\';
    escaped += c == '$' ? "$$" : std::string(1, c);
  }
  return escaped;
}

Artifact amos::makeDependencies(const CompileRequest &request,
                                llvm::ArrayRef<std::string> read,
                                llvm::ArrayRef<PlannedFile> files) {
  llvm::SmallString<128> path(request.dependencyFile);
  if (path.empty()) {
    path = files.front().path;
    llvm::sys::path::replace_extension(path, ".d");
  }
  Artifact dependencies{path.str().str(), {}};
  llvm::raw_svector_ostream stream(dependencies.bytes);
  for (const PlannedFile &file : files)
    stream << escapeForMake(file.path) << ' ';
  stream << ':';
  llvm::StringSet<> seen;
  for (const std::string &dependency : read)
    if (seen.insert(dependency).second)
      stream << " \\\n  " << escapeForMake(dependency);
  stream << '\n';
  return dependencies;
}
