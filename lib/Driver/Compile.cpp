//===- Compile.cpp - The bare form of amosc -------------------------------===//

#include "amos/Driver/Compile.h"
#include "amos/Driver/Artifact.h"
#include "amos/Driver/CheckCode.h"
#include "amos/Driver/Reproducer.h"
#include "amos/Report/Explanation.h"
#include "llvm/Support/FileSystem.h"
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

namespace {
/// The outputs of one compilation and where each goes.
class Plan {
public:
  explicit Plan(const CompileRequest &request);

  std::vector<PlannedFile> getFiles() const;
  /// Whether the outputs can go where the request says; prints why not.
  bool isValid() const;

private:
  void addTemporaries();
  std::string getPath(const OutputInfo &info) const;

  const CompileRequest &request;
  std::vector<Output> outputs;
  /// The output that goes to `request.output` itself.
  std::optional<Output> named;
};
} // namespace

Plan::Plan(const CompileRequest &request)
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

void Plan::addTemporaries() {
  for (Output output :
       {Output::Mapped, Output::Mlir, Output::Llvm, Output::Assembly})
    outputs.push_back(output);
}

std::string Plan::getPath(const OutputInfo &info) const {
  if (named == info.output)
    return request.output;
  bool isRequested = request.outputs.empty() ||
                     llvm::is_contained(request.outputs, info.output);
  llvm::SmallString<128> path(isRequested || request.tempFolder.empty()
                                  ? getFolder(request)
                                  : request.tempFolder);
  llvm::sys::path::append(path, getStem(request) + info.suffix);
  llvm::sys::path::remove_dots(path);
  return path.str().str();
}

std::vector<PlannedFile> Plan::getFiles() const {
  std::vector<PlannedFile> files;
  for (Output output : outputs)
    files.push_back({output, getPath(getInfo(output))});
  return files;
}

bool Plan::isValid() const {
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

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

static ExitCode createFolder(StringRef folder) {
  if (folder.empty())
    return ExitCode::Success;
  std::error_code code = llvm::sys::fs::create_directories(folder);
  if (!code)
    return ExitCode::Success;
  reportError("cannot create '" + folder + "': " + code.message());
  return ExitCode::Environment;
}

static ExitCode writeAll(const CompileRequest &request,
                         llvm::ArrayRef<Artifact> artifacts) {
  for (StringRef folder : {request.outputFolder, request.tempFolder})
    if (ExitCode code = createFolder(folder); code != ExitCode::Success)
      return code;
  if (llvm::Error error = writeArtifacts(artifacts)) {
    reportError(llvm::toString(std::move(error)));
    return ExitCode::Environment;
  }
  return ExitCode::Success;
}

/// What `--stop-after` prints: the IR, to `-o` or the standard output.
static ExitCode writeStopped(Compiler &compiler,
                             const CompileRequest &request) {
  if (ExitCode code = compiler.runThrough(*request.stopAfter);
      code != ExitCode::Success)
    return code;
  Artifact artifact{request.output.empty() ? "-" : request.output, {}};
  llvm::raw_svector_ostream stream(artifact.bytes);
  compiler.getModule().print(stream);
  return writeAll(request, artifact);
}

static std::string escapeForMake(StringRef path) {
  std::string escaped;
  for (char c : path) {
    if (c == ' ' || c == '#')
      escaped += '\\';
    escaped += c == '$' ? "$$" : std::string(1, c);
  }
  return escaped;
}

static Artifact makeDependencies(const CompileRequest &request,
                                 const Compiler &compiler,
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
  for (const std::string &dependency : compiler.getDependencies())
    stream << " \\\n  " << escapeForMake(dependency);
  stream << '\n';
  return dependencies;
}

namespace {
/// What a compilation has made and not yet written.
struct Product {
  std::vector<Artifact> artifacts;
  std::string bundleFolder; ///< empty: no bundle was asked for
  std::vector<BundleFile> bundle;
};
} // namespace

static ExitCode produce(Compiler &compiler, const CompileRequest &request,
                        const PlannedFile &file,
                        llvm::ArrayRef<PlannedFile> files, Product &product) {
  const OutputInfo &info = getInfo(file.output);
  if (!info.write) {
    product.bundleFolder = file.path;
    return makeBundle(compiler, request.bundle, product.bundle);
  }
  if (ExitCode code = compiler.runThrough(info.after);
      code != ExitCode::Success)
    return code;
  product.artifacts.push_back({file.path, {}});
  llvm::raw_svector_ostream stream(product.artifacts.back().bytes);
  return info.write(compiler, files, stream);
}

static ExitCode writeProduct(const CompileRequest &request,
                             const Product &product) {
  ExitCode code = writeAll(request, product.artifacts);
  if (code == ExitCode::Success && !product.bundleFolder.empty())
    code = writeBundle(product.bundleFolder, product.bundle);
  return code;
}

static bool isCode(const PlannedFile &file) {
  return file.output == Output::Object || file.output == Output::SharedObject ||
         file.output == Output::Assembly || file.output == Output::Manifest;
}

static ExitCode compileHere(const CompileRequest &request, Progress &progress) {
  Plan plan(request);
  if (!request.stopAfter && !plan.isValid())
    return ExitCode::Usage;
  std::vector<PlannedFile> files = plan.getFiles();
  CompilerOptions options = request;
  options.isForked = llvm::any_of(files, [](const PlannedFile &file) {
    return file.output == Output::Candidates;
  });
  Compiler compiler(options, progress);
  if (ExitCode code = compiler.load(); code != ExitCode::Success)
    return code;
  if (request.stopAfter)
    return writeStopped(compiler, request);

  Product product;
  for (const PlannedFile &file : files)
    if (ExitCode code = produce(compiler, request, file, files, product);
        code != ExitCode::Success)
      return code;
  if (llvm::any_of(files, isCode))
    if (ExitCode code = checkCode(compiler); code != ExitCode::Success)
      return code;
  if (request.writeDependencies)
    product.artifacts.push_back(makeDependencies(request, compiler, files));
  return writeProduct(request, product);
}

ExitCode amos::compile(const CompileRequest &request) {
  return runReproducibly(request, [&](Progress &progress) {
    return compileHere(request, progress);
  });
}

/// The page and, where that is not all that was asked for, the report.
static std::vector<Artifact> makeReports(const CompileRequest &request,
                                         Compiler &compiler) {
  Explanation explanation =
      Explanation::get(compiler.getModule(), &compiler.getSources());
  std::vector<Artifact> reports;
  if (!request.page.empty()) {
    reports.push_back({request.page, {}});
    llvm::raw_svector_ostream stream(reports.back().bytes);
    explanation.printHtml(stream);
  }
  if (request.page.empty() || request.json) {
    reports.push_back({request.output.empty() ? "-" : request.output, {}});
    llvm::raw_svector_ostream stream(reports.back().bytes);
    request.json ? explanation.printJson(stream)
                 : explanation.printText(stream);
  }
  return reports;
}

ExitCode amos::explain(const CompileRequest &request) {
  CompileRequest quiet = request;
  // The explanation itself tells of fallbacks.
  if (quiet.fallback == Fallback::Warn)
    quiet.fallback = Fallback::Allow;
  return runReproducibly(quiet, [&](Progress &progress) {
    Compiler compiler(quiet, progress);
    ExitCode code = compiler.load();
    if (code == ExitCode::Success)
      code = compiler.runThrough(Stage::SelectMapping);
    if (code != ExitCode::Success)
      return code;
    return writeAll(request, makeReports(request, compiler));
  });
}
