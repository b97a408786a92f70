//===- Locked.cpp - Compiling with choices that are pinned ----------------===//

#include "amos/Driver/Locked.h"
#include "amos/Driver/Compile.h"
#include "amos/Driver/DatabaseVerbs.h"
#include "amos/Driver/Demands.h"
#include "amos/Tuning/Recall.h"
#include "mlir/AsmParser/AsmParser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace amos;
using llvm::formatv;
using llvm::StringRef;
using mlir::linalg::LinalgOp;

//===----------------------------------------------------------------------===//
// What a program says
//===----------------------------------------------------------------------===//

template <typename Printed>
static std::string print(const Printed &value) {
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

static std::string spellTypes(LinalgOp op) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(op->getOperandTypes(), stream);
  return text;
}

static std::string spellMachines(mlir::ModuleOp module) {
  std::vector<std::string> names;
  for (auto machine : module.getOps<AcceleratorOp>())
    names.push_back(machine.getSymName().str());
  return llvm::join(names, "+");
}

/// "x86_avx512 0123456789abcdef" of the machine that `mapping` is onto.
static std::string spellMachine(LinalgOp op, MappingAttr mapping) {
  IntrinsicOp intrinsic = findIntrinsic(op, mapping);
  if (!intrinsic)
    return "none here";
  return (intrinsic->getParentOfType<AcceleratorOp>().getSymName() + " " +
          getFingerprint(describeMachine(intrinsic)))
      .str();
}

/// Everything about an operation but the choice.
static LockedChoice identify(const PlacedOperation &placed,
                             StringRef machines) {
  TunedOperator described = describeOperator(placed.op);
  LockedChoice now;
  now.place = placed.place;
  now.machines = machines.str();
  now.name = described.name;
  now.types = spellTypes(placed.op);
  now.op = described.fingerprint;
  return now;
}

/// What the database knows of a choice, for people.
static std::string spellMeasured(LinalgOp op, const TunedOperator &described,
                                 const CompilerOptions &options) {
  MeasurementSet set;
  if (readDatabase(options.database, described.fingerprint, set) !=
      ExitCode::Success)
    return "unknown";
  Environment here =
      getEnvironment(isDevice(op->getParentOfType<mlir::ModuleOp>()));
  for (const KnownChoice &known : recall(op, set.measurements, here).choices)
    if (known.mapping == op->getAttr("amos.mapping") &&
        known.schedule == op->getAttr("amos.schedule"))
      return formatv("{0:F2} us on '{1}', {2}", known.measurement.seconds * 1e6,
                     known.measurement.environment.device,
                     known.measurement.date);
  return "no";
}

std::vector<LockedChoice>
amos::describeChoices(mlir::ModuleOp module, const CompilerOptions &options) {
  std::vector<LockedChoice> choices;
  std::string machines = spellMachines(module);
  for (const PlacedOperation &placed : listOperations(module)) {
    LockedChoice choice = identify(placed, machines);
    auto mapping = placed.op->getAttrOfType<MappingAttr>("amos.mapping");
    if (mapping) {
      choice.machine = spellMachine(placed.op, mapping);
      choice.mapping = print(mapping);
      choice.schedule = print(placed.op->getAttr("amos.schedule"));
      auto cost = placed.op->getAttrOfType<CostAttr>("amos.cost");
      choice.predicted = formatv("{0} cycles, limited by {1}", cost.getCycles(),
                                 cost.getBound().getValue());
      choice.measured =
          spellMeasured(placed.op, describeOperator(placed.op), options);
    }
    choices.push_back(std::move(choice));
  }
  return choices;
}

//===----------------------------------------------------------------------===//
// What a lock says
//===----------------------------------------------------------------------===//

namespace {
/// Puts a lock on a program.
class Locking {
public:
  Locking(mlir::ModuleOp module, const Lock &lock, StringRef path)
      : module(module), lock(lock), path(path),
        machines(spellMachines(module)) {}
  ExitCode run();

private:
  void compare(const PlacedOperation &placed);
  void compareAbsent(llvm::ArrayRef<PlacedOperation> all);
  ExitCode apply(const PlacedOperation &placed);

  mlir::ModuleOp module;
  const Lock &lock;
  StringRef path;
  std::string machines, differences;
};
} // namespace

void Locking::compare(const PlacedOperation &placed) {
  LockedChoice now = identify(placed, machines);
  const LockedChoice *locked = lock.find(now.getKey());
  if (!locked) {
    differences += now.getKey() + "\n+ is not in the lock\n";
    return;
  }
  auto mapping = mlir::dyn_cast_or_null<MappingAttr>(
      locked->isMapped()
          ? mlir::parseAttribute(locked->mapping, module.getContext())
          : mlir::Attribute());
  now.machine = mapping ? spellMachine(placed.op, mapping) : "";
  if (std::string found = findDifference(*locked, now); !found.empty())
    differences += now.getKey() + "\n" + found;
}

/// Locked places that the program does not have.
void Locking::compareAbsent(llvm::ArrayRef<PlacedOperation> all) {
  for (const LockedChoice &locked : lock.choices) {
    bool isThere = llvm::any_of(all, [&](const PlacedOperation &placed) {
      return placed.place == locked.place;
    });
    if (!isThere)
      differences += locked.getKey() + "\n- is not in the program\n";
  }
}

ExitCode Locking::apply(const PlacedOperation &placed) {
  LinalgOp op = placed.op;
  const LockedChoice &locked = *lock.find(placed.place + " for " + machines);
  if (!locked.isMapped()) {
    op->removeAttr("amos.candidates");
    return ExitCode::Success;
  }
  mlir::MLIRContext *context = module.getContext();
  auto mapping = mlir::dyn_cast_or_null<MappingAttr>(
      mlir::parseAttribute(locked.mapping, context));
  auto schedule = mlir::dyn_cast_or_null<ScheduleAttr>(
      mlir::parseAttribute(locked.schedule, context));
  if (!mapping || !schedule) {
    reportError("'" + path + "': the choice for " + locked.getKey() +
                " is no mapping with a schedule");
    return ExitCode::Input;
  }
  if (auto demanded = op->getAttrOfType<MappingAttr>("amos.mapping");
      demanded && demanded != mapping) {
    op.emitError("the lock '") << path << "' says '" << mapping << "', but '"
                               << demanded << "' is demanded";
    return ExitCode::Usage;
  }
  op->setAttr("amos.mapping", mapping);
  op->setAttr("amos.schedule", schedule);
  return ExitCode::Success;
}

ExitCode Locking::run() {
  std::vector<PlacedOperation> all = listOperations(module);
  for (const PlacedOperation &placed : all)
    compare(placed);
  compareAbsent(all);
  if (!differences.empty()) {
    reportError("the lock '" + path + "' is of something else:\n" +
                StringRef(differences).rtrim());
    reportNote("remove the file to have it written anew");
    return ExitCode::Input;
  }
  for (const PlacedOperation &placed : all)
    if (ExitCode code = apply(placed); code != ExitCode::Success)
      return code;
  return ExitCode::Success;
}

ExitCode amos::applyLock(mlir::ModuleOp module,
                         const CompilerOptions &options) {
  if (options.lock.empty() || !llvm::sys::fs::exists(options.lock))
    return ExitCode::Success;
  auto buffer = llvm::MemoryBuffer::getFile(options.lock);
  if (!buffer) {
    reportError("cannot read '" + options.lock +
                "': " + buffer.getError().message());
    return ExitCode::Environment;
  }
  auto lock = parseLock((*buffer)->getBuffer());
  if (!lock) {
    reportError("'" + options.lock + "': " + llvm::toString(lock.takeError()));
    return ExitCode::Input;
  }
  if (std::string tools = describeTools(/*isDevice=*/false);
      lock->tools != tools)
    module.emitWarning("the lock '")
        << options.lock << "' was written by '" << lock->tools << "', this is '"
        << tools << "': the code may differ from what it gave there [-Wstale]";
  return Locking(module, *lock, options.lock).run();
}
