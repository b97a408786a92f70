//===- Accelerators.cpp - Finding and reading machines --------------------===//

#include "amos/Driver/Accelerators.h"
#include "Resolve.h"
#include "amos/Driver/ChangePart.h"
#include "amos/Driver/Source.h"
#include "amos/Driver/Suggest.h"
#include "mlir/Dialect/LLVMIR/LLVMAttrs.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace amos;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

//===----------------------------------------------------------------------===//
// Finding
//===----------------------------------------------------------------------===//

std::vector<std::string> amos::getAcceleratorFolders() {
  std::vector<std::string> folders;
  if (auto list = llvm::sys::Process::GetEnv("AMOS_ACCELERATOR_PATH"))
    for (StringRef folder : llvm::split(*list, llvm::sys::EnvPathSeparator))
      if (!folder.empty())
        folders.push_back(folder.str());
  static int anchor;
  llvm::SmallString<128> beside(fs::getMainExecutable(nullptr, &anchor));
  path::remove_filename(beside);
  path::append(beside, "..", "share", "amos", "accelerators");
  path::remove_dots(beside, /*remove_dot_dot=*/true);
  folders.push_back(beside.str().str());
  folders.push_back(AMOS_ACCELERATOR_SOURCES);
  return folders;
}

std::vector<AcceleratorFile> amos::listAccelerators() {
  std::vector<AcceleratorFile> files;
  llvm::StringSet<> names;
  for (const std::string &folder : getAcceleratorFolders()) {
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; it != end && !error;
         it.increment(error))
      if (StringRef file = it->path(); path::extension(file) == ".mlir")
        if (names.insert(path::stem(file)).second)
          files.push_back({path::stem(file).str(), file.str()});
  }
  llvm::sort(files, [](const AcceleratorFile &a, const AcceleratorFile &b) {
    return a.name < b.name;
  });
  return files;
}

static InFlightDiagnostic report(MLIRContext *context) {
  return emitError(UnknownLoc::get(context));
}

static LogicalResult reportUnknown(MLIRContext *context,
                                   ArrayRef<AcceleratorFile> files,
                                   StringRef name) {
  std::vector<std::string> names;
  for (const AcceleratorFile &file : files)
    names.push_back(file.name);
  std::string suggestion = suggest(name, names);
  return report(context) << "there is no machine '" << name << "'"
                         << (suggestion.empty() ? "; 'amosc target list' names "
                                                  "those there are"
                                                : suggestion);
}

/// The names of the machines that those in `file` are made from.
static void addBases(MLIRContext *context, const AcceleratorFile &file,
                     llvm::StringSet<> &bases) {
  OwningOpRef<ModuleOp> module = parseAccelerator(context, file);
  if (!module)
    return;
  for (auto machine : module->getOps<AcceleratorOp>())
    if (auto base = machine.getBase())
      bases.insert(*base);
}

/// Every machine with a name whose code this processor executes, but for those
/// that another of them says more about.
static FailureOr<std::vector<AcceleratorFile>>
findNative(MLIRContext *context, ArrayRef<AcceleratorFile> files) {
  std::vector<AcceleratorFile> native;
  std::vector<std::string> names;
  llvm::StringSet<> bases;
  for (const AcceleratorFile &file : files) {
    OwningOpRef<ModuleOp> module = readAccelerator(context, file);
    if (!module)
      return failure();
    auto machines = module->getOps<AcceleratorOp>();
    if (!llvm::all_of(machines, isNative))
      continue;
    native.push_back(file);
    names.push_back((*machines.begin()).getSymName().str());
    addBases(context, file, bases);
  }
  for (size_t n = names.size(); n-- > 0;)
    if (bases.contains(names[n]))
      native.erase(native.begin() + n);
  return native;
}

FailureOr<std::vector<AcceleratorFile>>
amos::findAccelerators(MLIRContext *context, StringRef target) {
  std::vector<AcceleratorFile> found, files = listAccelerators();
  for (StringRef name : llvm::split(target, '+')) {
    auto named = llvm::find_if(
        files, [&](const AcceleratorFile &file) { return file.name == name; });
    if (name == "native") {
      auto native = findNative(context, files);
      if (failed(native))
        return failure();
      found.insert(found.end(), native->begin(), native->end());
    } else if (named != files.end()) {
      found.push_back(*named);
    } else if (name.contains('/') || name.ends_with(".mlir")) {
      if (std::error_code code = fs::access(name, fs::AccessMode::Exist))
        return report(context)
               << "cannot read '" << name << "': " << code.message();
      found.push_back({name.str(), name.str()});
    } else {
      return reportUnknown(context, files, name);
    }
  }
  return found;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static LogicalResult verifyFile(ModuleOp module, const AcceleratorFile &file) {
  for (Operation &op : *module.getBody())
    if (!isa<AcceleratorOp, FunctionOpInterface>(op))
      return op.emitOpError(
          "expects to stand in a program, not beside the description of a "
          "machine");
  if (module.getOps<AcceleratorOp>().empty())
    return report(module.getContext())
           << "'" << file.path << "' describes no machine; expected an "
           << "'amos.accelerator'";
  return success();
}

/// Parses, and says at least that much where one of MLIR's parsers fails in
/// silence.
static OwningOpRef<ModuleOp> parse(llvm::SourceMgr &sources,
                                   MLIRContext *context,
                                   const AcceleratorFile &file) {
  bool isExplained = false;
  OwningOpRef<ModuleOp> module;
  {
    ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
      isExplained |= diagnostic.getSeverity() == DiagnosticSeverity::Error;
      return failure(); // somebody else prints it
    });
    module = parseSourceFile<ModuleOp>(sources, ParserConfig(context));
  }
  if (!module && !isExplained)
    report(context) << "'" << file.path
                    << "' cannot be parsed, and MLIR does not say why";
  return module;
}

OwningOpRef<ModuleOp> amos::parseAccelerator(MLIRContext *context,
                                             const AcceleratorFile &file) {
  auto buffer = readSource(file.path);
  if (!buffer) {
    report(context) << llvm::toString(buffer.takeError());
    return nullptr;
  }
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(*buffer), llvm::SMLoc());
  OwningOpRef<ModuleOp> module = parse(sources, context, file);
  if (module && failed(verifyFile(*module, file)))
    return nullptr;
  return module;
}

LogicalResult
amos::resolveAccelerators(ModuleOp module,
                          std::vector<std::string> &dependencies) {
  Resolver resolver(dependencies);
  bool isPlain = true;
  for (auto machine : module.getOps<AcceleratorOp>()) {
    isPlain &= machine.isPlain();
    if (!machine.isPlain() && failed(resolver.resolve(machine)))
      return failure();
  }
  return isPlain ? success() : verify(module);
}

OwningOpRef<ModuleOp>
amos::readAccelerator(MLIRContext *context, const AcceleratorFile &file,
                      std::vector<std::string> *dependencies) {
  std::vector<std::string> bases;
  OwningOpRef<ModuleOp> module = parseAccelerator(context, file);
  if (!module || failed(resolveAccelerators(*module, bases)))
    return nullptr;
  if (dependencies)
    dependencies->insert(dependencies->end(), bases.begin(), bases.end());
  return module;
}

bool amos::isNative(AcceleratorOp accelerator) {
  auto features = dyn_cast_or_null<LLVM::TargetFeaturesAttr>(
      accelerator.getTarget().value_or(Attribute()));
  if (!features)
    return false;
  static const llvm::StringMap<bool> host = llvm::sys::getHostCPUFeatures();
  return llvm::all_of(features.getFeatures(), [](StringAttr feature) {
    StringRef name = feature.getValue();
    return !name.consume_front("+") || host.lookup(name);
  });
}

//===----------------------------------------------------------------------===//
// Splicing
//===----------------------------------------------------------------------===//

/// Moves a machine or function before `position` unless `module` has it.
static LogicalResult splice(ModuleOp module, Operation *op,
                            Block::iterator position) {
  auto name = SymbolTable::getSymbolName(op);
  Operation *present = SymbolTable::lookupSymbolIn(module, name);
  if (!present) {
    op->moveBefore(module.getBody(), position);
    return success();
  }
  if (present->getName() == op->getName())
    return success();
  InFlightDiagnostic diagnostic = present->emitError()
                                  << "'@" << name.getValue()
                                  << "' is the name of a machine too; rename "
                                     "it";
  diagnostic.attachNote(op->getLoc()) << "described here";
  return diagnostic;
}

static LogicalResult spliceFile(ModuleOp module, const AcceleratorFile &file,
                                Block::iterator position,
                                std::vector<std::string> &dependencies) {
  dependencies.push_back(file.path);
  OwningOpRef<ModuleOp> machine =
      readAccelerator(module.getContext(), file, &dependencies);
  if (!machine)
    return failure();
  for (Operation &op : llvm::make_early_inc_range(*machine->getBody()))
    if (failed(splice(module, &op, position)))
      return failure();
  return success();
}

LogicalResult amos::spliceAccelerators(ModuleOp module,
                                       ArrayRef<std::string> targets,
                                       std::vector<std::string> &dependencies) {
  Block::iterator position = module.getBody()->begin();
  for (StringRef target : targets) {
    auto files = findAccelerators(module.getContext(), target);
    if (failed(files))
      return failure();
    for (const AcceleratorFile &file : *files)
      if (failed(spliceFile(module, file, position, dependencies)))
        return failure();
  }
  return resolveAccelerators(module, dependencies);
}
