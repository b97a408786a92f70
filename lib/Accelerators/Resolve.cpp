//===- Resolve.cpp - Machines made from machines in other files -----------===//

#include "Resolve.h"
#include "Extend.h"
#include "amos/Driver/ChangePart.h"
#include "amos/Driver/Suggest.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace amos;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// The file that describes `machine`, empty for the standard input.
static StringRef getFile(AcceleratorOp machine) {
  auto location = machine.getLoc()->findInstanceOf<FileLineColLoc>();
  return location ? location.getFilename().getValue() : StringRef();
}

/// What a machine is known by while it is made.
static std::string getIdentity(AcceleratorOp machine) {
  llvm::SmallString<128> real;
  if (fs::real_path(getFile(machine), real))
    real = getFile(machine);
  return (real + "@" + machine.getSymName()).str();
}

static AcceleratorOp findMachine(ModuleOp module, StringRef name) {
  return dyn_cast_or_null<AcceleratorOp>(
      SymbolTable::lookupSymbolIn(module, name));
}

//===----------------------------------------------------------------------===//
// The base
//===----------------------------------------------------------------------===//

/// The file `name` as seen from the one that `machine` stands in.
static AcceleratorFile getFileBeside(AcceleratorOp machine, StringRef name) {
  llvm::SmallString<128> beside(path::parent_path(getFile(machine)));
  if (path::is_absolute(name))
    beside.clear();
  path::append(beside, name);
  return {path::stem(name).str(), beside.str().str()};
}

/// The names that a base could have been meant by: of machines with a name and
/// of those in the same file.
static std::vector<std::string> listNames(AcceleratorOp machine) {
  std::vector<std::string> names;
  for (AcceleratorFile &file : listAccelerators()) {
    std::replace(file.name.begin(), file.name.end(), '-', '_');
    names.push_back(file.name);
  }
  for (auto other :
       cast<ModuleOp>(machine->getParentOp()).getOps<AcceleratorOp>())
    if (other != machine)
      names.push_back(other.getSymName().str());
  return names;
}

/// The file of the base when it is not in the same one.
static FailureOr<AcceleratorFile> findBaseFile(AcceleratorOp machine) {
  if (machine.getFile()) {
    AcceleratorFile file = getFileBeside(machine, *machine.getFile());
    if (fs::exists(file.path))
      return file;
    return machine.emitError() << "there is no file '" << file.path
                               << "' with the machine to extend";
  }
  std::string name = machine.getBase()->str();
  std::replace(name.begin(), name.end(), '_', '-');
  AcceleratorFile beside = getFileBeside(machine, name + ".mlir");
  if (fs::exists(beside.path))
    return beside;
  for (const AcceleratorFile &file : listAccelerators())
    if (file.name == name)
      return file;
  std::string suggestion = suggest(*machine.getBase(), listNames(machine));
  machine.emitError() << "there is no machine '" << machine.getBaseAttr()
                      << "' to extend"
                      << (suggestion.empty()
                              ? "; 'amosc target list' names those there are"
                              : suggestion);
  return failure();
}

//===----------------------------------------------------------------------===//
// Resolving
//===----------------------------------------------------------------------===//

LogicalResult Resolver::reportCycle(AcceleratorOp machine) {
  InFlightDiagnostic diagnostic =
      machine.emitError() << "'@" << machine.getSymName() << "' extends itself";
  for (const Step &step : llvm::reverse(chain))
    diagnostic.attachNote(step.location)
        << "by way of '@" << step.name << "', which extends '" << step.base
        << "'";
  return diagnostic;
}

/// Brings the functions that stand beside a base along.
static void takeFunctions(ModuleOp from, ModuleOp to) {
  for (Operation &op : llvm::make_early_inc_range(*from.getBody()))
    if (isa<FunctionOpInterface>(op) &&
        !SymbolTable::lookupSymbolIn(to, SymbolTable::getSymbolName(&op)))
      op.moveBefore(to.getBody(), to.getBody()->begin());
}

LogicalResult Resolver::extendFromFile(AcceleratorOp machine) {
  FailureOr<AcceleratorFile> file = findBaseFile(machine);
  if (failed(file))
    return failure();
  OwningOpRef<ModuleOp> module = parseAccelerator(machine.getContext(), *file);
  if (!module)
    return failure();
  AcceleratorOp base = findMachine(*module, *machine.getBase());
  if (!base)
    return machine.emitError()
           << "'" << file->path << "' describes no machine '"
           << machine.getBaseAttr() << "' to extend";
  dependencies.push_back(file->path);
  if (failed(resolve(base)) || failed(extendAccelerator(machine, base)))
    return failure();
  takeFunctions(*module, cast<ModuleOp>(machine->getParentOp()));
  return success();
}

LogicalResult Resolver::extend(AcceleratorOp machine) {
  std::string identity = getIdentity(machine);
  if (llvm::any_of(chain,
                   [&](const Step &step) { return step.identity == identity; }))
    return reportCycle(machine);
  chain.push_back({identity, machine.getSymName().str(), machine.getBaseAttr(),
                   machine.getLoc()});
  AcceleratorOp base;
  if (!machine.getFile())
    base =
        findMachine(cast<ModuleOp>(machine->getParentOp()), *machine.getBase());
  LogicalResult result =
      !base ? extendFromFile(machine)
            : failure(failed(resolve(base)) ||
                      failed(extendAccelerator(machine, base)));
  chain.pop_back();
  return result;
}

LogicalResult Resolver::resolve(AcceleratorOp machine) {
  if (failed(expandFamilies(machine)))
    return failure();
  return machine.getBase() ? extend(machine) : success();
}
