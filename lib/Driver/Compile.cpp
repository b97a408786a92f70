//===- Compile.cpp - The bare form of amosc -------------------------------===//

#include "amos/Driver/Compile.h"
#include "Dependencies.h"
#include "OutputPlan.h"
#include "amos/Driver/Artifact.h"
#include "amos/Driver/CheckCode.h"
#include "amos/Driver/Kernels.h"
#include "amos/Driver/Reproducer.h"
#include "amos/Driver/Variants.h"
#include "amos/Report/Explanation.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Threading.h"

using namespace amos;
using llvm::StringRef;

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

namespace {
/// What a compilation has made and not yet written.
struct Product {
  std::vector<PlannedFile> files;
  std::vector<Artifact> artifacts;
  std::string bundleFolder; ///< empty: no bundle was asked for
  std::vector<BundleFile> bundle;
};
} // namespace

/// Makes one of the `files` of a compilation.
static ExitCode produce(Compiler &compiler, const CompileRequest &request,
                        const PlannedFile &file,
                        llvm::ArrayRef<PlannedFile> files, Product &product) {
  product.files.push_back(file);
  const OutputInfo &info = getInfo(file.output);
  if (!info.write) {
    product.bundleFolder = file.path;
    BundleRequest bundle = request.bundle;
    bundle.jobs =
        llvm::hardware_concurrency(request.jobs).compute_thread_count();
    return makeBundle(compiler, bundle, product.bundle);
  }
  if (ExitCode code = compiler.runThrough(info.after);
      code != ExitCode::Success)
    return code;
  product.artifacts.push_back({file.path, {}});
  llvm::raw_svector_ostream stream(product.artifacts.back().bytes);
  return info.write(compiler, files, stream);
}

/// The choices, unless there is a lock already, which they are.
static void addLock(const CompileRequest &request,
                    std::vector<LockedChoice> choices, Product &product) {
  if (request.lock.empty() || llvm::sys::fs::exists(request.lock))
    return;
  Lock lock{describeTools(/*isDevice=*/false), std::move(choices)};
  product.artifacts.push_back({request.lock, {}});
  llvm::raw_svector_ostream stream(product.artifacts.back().bytes);
  printLock(lock, stream);
}

static ExitCode writeProduct(const CompileRequest &request,
                             llvm::ArrayRef<std::string> dependencies,
                             Product &product) {
  if (request.writeDependencies)
    product.artifacts.push_back(
        makeDependencies(request, dependencies, product.files));
  ExitCode code = writeAll(request, product.artifacts);
  if (code == ExitCode::Success && !product.bundleFolder.empty())
    code = writeBundle(product.bundleFolder, product.bundle);
  return code;
}

static bool isCode(const PlannedFile &file) {
  return file.output == Output::Object || file.output == Output::SharedObject ||
         file.output == Output::Assembly || file.output == Output::Manifest;
}

/// Whether the file holds, or tells of, machine code of kernels.
static bool holdsKernels(const PlannedFile &file) {
  return isCode(file) || file.output == Output::Llvm;
}

/// Makes `files`, after `load` or `merge`, and checks the code in them.
static ExitCode produceAll(Compiler &compiler, const CompileRequest &request,
                           llvm::ArrayRef<PlannedFile> files,
                           Product &product) {
  for (const PlannedFile &file : files)
    if (ExitCode code = produce(compiler, request, file, files, product);
        code != ExitCode::Success)
      return code;
  return llvm::any_of(files, isCode) ? checkCode(compiler) : ExitCode::Success;
}

//===----------------------------------------------------------------------===//
// Several machines
//===----------------------------------------------------------------------===//

namespace {
/// The program for each machine on its own up to stage `lower`, then together.
class SeveralMachines {
public:
  SeveralMachines(const CompileRequest &request,
                  llvm::ArrayRef<Variant> variants,
                  llvm::ArrayRef<PlannedFile> files, Progress &progress)
      : request(request), variants(variants), files(files), progress(progress) {
    auto isLate = [](const PlannedFile &file) {
      return getInfo(file.output).after == Stage::Emit;
    };
    numEarly = llvm::find_if(files, isLate) - files.begin();
  }
  ExitCode run();

private:
  ExitCode runPart(const Variant &variant);
  ExitCode runWhole();

  const CompileRequest &request;
  llvm::ArrayRef<Variant> variants;
  llvm::ArrayRef<PlannedFile> files;
  size_t numEarly; ///< of the files, those that are made for each machine
  Progress &progress;
  std::vector<std::unique_ptr<Compiler>> parts;
  Product product;
};
} // namespace

ExitCode SeveralMachines::runPart(const Variant &variant) {
  parts.push_back(
      std::make_unique<Compiler>(getPart(request, variant), progress));
  Compiler &compiler = *parts.back();
  auto own = llvm::map_to_vector(
      files.take_front(numEarly),
      [&](const PlannedFile &file) { return getPart(file, variant); });
  ExitCode code = compiler.load();
  if (code == ExitCode::Success)
    code = produceAll(compiler, request, own, product);
  if (code == ExitCode::Success && numEarly < files.size())
    code = compiler.runThrough(Stage::Lower);
  if (code == ExitCode::Success && llvm::any_of(files, holdsKernels))
    code = embedKernels(compiler);
  return code;
}

ExitCode SeveralMachines::runWhole() {
  Compiler compiler(request, progress);
  std::vector<std::string> labels;
  for (const Variant &variant : variants)
    labels.push_back(variant.label);
  ExitCode code = compiler.merge(parts, labels);
  if (code != ExitCode::Success)
    return code;
  return produceAll(compiler, request, files.drop_front(numEarly), product);
}

ExitCode SeveralMachines::run() {
  if (request.output == "-" && numEarly > 0) {
    reportError("'--emit=" + getInfo(files.front().output).name +
                "' writes a file for each machine; they cannot all go to the "
                "standard output");
    return ExitCode::Usage;
  }
  std::vector<std::string> dependencies;
  std::vector<LockedChoice> choices;
  for (const Variant &variant : variants) {
    if (ExitCode code = runPart(variant); code != ExitCode::Success)
      return code;
    llvm::append_range(dependencies, parts.back()->getDependencies());
    llvm::append_range(choices, parts.back()->getChoices());
  }
  addLock(request, std::move(choices), product);
  if (numEarly < files.size())
    if (ExitCode code = runWhole(); code != ExitCode::Success)
      return code;
  return writeProduct(request, dependencies, product);
}

//===----------------------------------------------------------------------===//
// The commands
//===----------------------------------------------------------------------===//

static ExitCode compileForOne(const CompileRequest &request,
                              llvm::ArrayRef<PlannedFile> files,
                              Progress &progress) {
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
  if (ExitCode code = produceAll(compiler, request, files, product);
      code != ExitCode::Success)
    return code;
  addLock(request, compiler.getChoices(), product);
  return writeProduct(request, compiler.getDependencies(), product);
}

/// Whether the stages asked for are in their order; prints why not.
static bool areStagesInOrder(const CompileRequest &request) {
  if (!request.stopAfter || !request.startFrom ||
      *request.startFrom <= *request.stopAfter)
    return true;
  reportError(
      "'--stop-after=" + getInfo(*request.stopAfter).name +
      "' comes before '--start-from=" + getInfo(*request.startFrom).name + "'");
  return false;
}

static ExitCode compileHere(const CompileRequest &request, Progress &progress) {
  if (!areStagesInOrder(request))
    return ExitCode::Usage;
  if (!request.lock.empty() && request.pipeline.effort == 0) {
    reportError("'--lock' pins mappings, and '-O0' uses none");
    return ExitCode::Usage;
  }
  OutputPlan plan(request);
  if (!request.stopAfter && !plan.isValid())
    return ExitCode::Usage;
  std::vector<PlannedFile> files = plan.getFiles();
  ExitCode code;
  std::vector<Variant> variants = readVariants(request, code);
  if (code != ExitCode::Success)
    return code;
  if (variants.empty())
    return compileForOne(request, files, progress);
  return SeveralMachines(request, variants, files, progress).run();
}

ExitCode amos::compile(const CompileRequest &request) {
  return runReproducibly(request, [&](Progress &progress) {
    return compileHere(request, progress);
  });
}

/// The page and, where that is not all that was asked for, the report: a page
/// is enough without `-o` and `--json`.
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
  if (request.page.empty() || request.json || !request.output.empty()) {
    reports.push_back({request.output.empty() ? "-" : request.output, {}});
    llvm::raw_svector_ostream stream(reports.back().bytes);
    request.json ? explanation.printJson(stream)
                 : explanation.printText(stream);
  }
  return reports;
}

ExitCode amos::explain(const CompileRequest &request) {
  if (request.targets.size() > 1) {
    reportError("'explain' is about one machine; join several by '+' to "
                "compare them, or write a file for each with '--emit=explain'");
    return ExitCode::Usage;
  }
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
