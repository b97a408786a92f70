//===- TargetVerbs.cpp - amosc target list, show and check ----------------===//

#include "amos/Driver/TargetVerbs.h"
#include "Amos/Placement.h"
#include "MachineSession.h"
#include "amos/Model/Machine.h"
#include "mlir/Dialect/LLVMIR/LLVMTypes.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace amos;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// list
//===----------------------------------------------------------------------===//

namespace {
struct Summary {
  std::string name, path, emits;
  int64_t intrinsics = 0;
  bool isNative = false;
};
} // namespace

/// The dialect of the target, which is what emits code; "-" when there is none.
static std::string getEmitter(AcceleratorOp machine) {
  if (!machine.getTarget())
    return "-";
  return machine.getTarget()->getDialect().getNamespace().str();
}

static Summary summarize(const MachineSession::Machine &machine) {
  Summary summary{machine.file.name, machine.file.path, "", 0, true};
  for (auto accelerator : machine.module.get().getOps<AcceleratorOp>()) {
    summary.emits = getEmitter(accelerator);
    summary.intrinsics += llvm::range_size(accelerator.getOps<IntrinsicOp>());
    summary.isNative &= isNative(accelerator);
  }
  return summary;
}

static void printList(llvm::ArrayRef<Summary> list) {
  llvm::outs() << llvm::formatv("{0,-16} {1,-8} {2,10}  {3}\n", "machine",
                                "emits", "intrinsics", "native");
  for (const Summary &summary : list)
    llvm::outs() << llvm::formatv("{0,-16} {1,-8} {2,10}  {3}\n", summary.name,
                                  summary.emits, summary.intrinsics,
                                  summary.isNative ? "yes" : "no");
}

static void printJsonList(llvm::ArrayRef<Summary> list) {
  llvm::json::Array machines;
  for (const Summary &summary : list)
    machines.push_back(llvm::json::Object{
        {"name", summary.name},
        {"file", summary.path},
        {"emits", summary.emits == "-" ? llvm::json::Value(nullptr)
                                       : llvm::json::Value(summary.emits)},
        {"intrinsics", summary.intrinsics},
        {"native", summary.isNative}});
  llvm::outs() << llvm::formatv("{0:2}\n",
                                llvm::json::Value(std::move(machines)));
}

ExitCode amos::listTargets(bool json) {
  MachineSession session;
  std::vector<Summary> list;
  bool isComplete = true;
  for (const AcceleratorFile &file : listAccelerators()) {
    // A broken file of somebody else must not hide the others.
    MachineSession::Machine machine{
        file, readAccelerator(session.getContext(), file)};
    isComplete &= bool(machine.module);
    if (machine.module)
      list.push_back(summarize(machine));
  }
  json ? printJsonList(list) : printList(list);
  return isComplete ? ExitCode::Success : ExitCode::Input;
}

//===----------------------------------------------------------------------===//
// show
//===----------------------------------------------------------------------===//

static void showScopes(AcceleratorOp machine) {
  llvm::outs() << "scopes\n";
  for (auto scope : machine.getOps<ScopeOp>()) {
    llvm::outs() << "  " << scope.getSymName();
    if (scope.getPart())
      llvm::outs() << " = " << scope.getCount().value_or(1) << ' '
                   << *scope.getPart();
    llvm::outs() << '\n';
  }
}

static void showLevels(AcceleratorOp machine) {
  llvm::outs() << "levels\n";
  for (auto level : machine.getOps<LevelOp>()) {
    llvm::outs() << llvm::formatv("  {0,-12} per {1,-10}", level.getSymName(),
                                  level.getScope());
    if (level.getCapacity())
      llvm::outs() << llvm::formatv(" {0} bytes", *level.getCapacity());
    if (level.getBandwidth())
      llvm::outs() << llvm::formatv(" {0} bytes/cycle",
                                    level.getBandwidth()->convertToDouble());
    if (level.getLatency())
      llvm::outs() << llvm::formatv(" latency {0}", *level.getLatency());
    llvm::outs() << (level.getCache() ? " cache\n" : "\n");
  }
}

/// "n16 k4": the iterations by their numbers and kinds.
static std::string spellIterations(const Contraction &contraction) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::interleave(
      contraction.iterations, stream,
      [&](const Iteration &iteration) {
        stream << iteration.extent << (iteration.isReduction ? "r" : "");
      },
      "x");
  return text.empty() ? "1" : text;
}

static std::string spellTypes(IntrinsicOp intrinsic) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::interleave(
      intrinsic.getSemantics().getArgumentTypes(), stream,
      [&](mlir::Type type) { stream << mlir::getElementTypeOrSelf(type); },
      " ");
  return text;
}

/// Multiplications and additions of the whole machine in a cycle.
static double getPeak(const IntrinsicModel &model) {
  double operations = 2;
  for (const Iteration &iteration : model.contraction.iterations)
    operations *= iteration.extent;
  return operations / model.interval * model.units;
}

static void showIntrinsics(AcceleratorOp machine) {
  llvm::outs() << "intrinsics ('r' marks reductions; ops/cycle count a "
                  "multiply-add as two)\n";
  const char *row = "  {0,-30} {1,-7} {2,-12} {3,-14} {4,10}  {5}\n";
  llvm::outs() << llvm::formatv(row, "name", "class", "iterations", "types",
                                "ops/cycle", "latency");
  for (auto intrinsic : machine.getOps<IntrinsicOp>()) {
    IntrinsicModel model = readModel(intrinsic);
    std::string latency =
        intrinsic.getLatency() ? std::to_string(*intrinsic.getLatency()) : "-";
    std::string peak = intrinsic.getInterval()
                           ? llvm::formatv("{0:F0}", getPeak(model)).str()
                           : "-";
    llvm::outs() << llvm::formatv(row, intrinsic.getSymName(),
                                  stringifyIntrinsicClass(model.kind),
                                  spellIterations(model.contraction),
                                  spellTypes(intrinsic), peak, latency);
  }
}

static void show(AcceleratorOp machine, StringRef path) {
  llvm::outs() << machine.getSymName() << '\n' << "  file   " << path << '\n';
  if (machine.getTarget())
    llvm::outs() << "  target " << *machine.getTarget() << '\n';
  else
    llvm::outs() << "  target none: mapped, priced and emulated only\n";
  if (machine.getClock())
    llvm::outs() << llvm::formatv("  clock  {0:F2} GHz\n",
                                  machine.getClock()->convertToDouble() / 1e9);
  llvm::outs() << "  native " << (isNative(machine) ? "yes" : "no") << '\n';
  showScopes(machine);
  showLevels(machine);
  showIntrinsics(machine);
}

ExitCode amos::showTarget(StringRef target) {
  MachineSession session;
  if (ExitCode code = session.read(target); code != ExitCode::Success)
    return code;
  for (const MachineSession::Machine &machine : session.getMachines())
    for (auto accelerator : machine.module.get().getOps<AcceleratorOp>())
      show(accelerator, machine.file.path);
  return ExitCode::Success;
}

//===----------------------------------------------------------------------===//
// check
//===----------------------------------------------------------------------===//

/// The level a placement in memory refers to.
static LevelOp findLevel(AcceleratorOp machine, mlir::Attribute placement) {
  mlir::FlatSymbolRefAttr name;
  if (auto memory = mlir::dyn_cast<MemoryAttr>(placement)) {
    auto layout = mlir::dyn_cast_or_null<LayoutOp>(
        mlir::SymbolTable::lookupSymbolIn(machine, memory.getLayout()));
    name = layout ? layout.getLevelAttr() : mlir::FlatSymbolRefAttr();
  } else if (auto rows = mlir::dyn_cast<RowsAttr>(placement)) {
    name = rows.getLevel();
  } else if (auto tensor = mlir::dyn_cast<TensorAttr>(placement)) {
    name = tensor.getLevel();
  }
  return name ? mlir::dyn_cast_or_null<LevelOp>(
                    mlir::SymbolTable::lookupSymbolIn(machine, name))
              : LevelOp();
}

/// One lane's loads and stores are free in a level with pointers.
static bool hasPointers(LevelOp level) {
  return level.getAddress() &&
         mlir::isa<mlir::LLVM::LLVMPointerType, mlir::MemRefType>(
             *level.getAddress());
}

/// Whether a copy writes `placement`, or reads it when `reads`.
static bool hasCopy(AcceleratorOp machine, mlir::Attribute placement,
                    bool reads) {
  return llvm::any_of(machine.getOps<CopyOp>(), [&](CopyOp copy) {
    mlir::Attribute side = reads ? copy.getFrom() : copy.getTo();
    if (mlir::isa<FragmentAttr>(placement))
      return mlir::isa<FragmentAttr>(side);
    return !mlir::isa<FragmentAttr>(side) &&
           findLevel(machine, side) == findLevel(machine, placement);
  });
}

/// Whether plain loads and stores reach the operand: SSA values they can build,
/// or a level with pointers.
static bool isPlain(AcceleratorOp machine, IntrinsicOp intrinsic,
                    unsigned operand) {
  mlir::Attribute placement = intrinsic.getPlacementsAttr()[operand];
  if (!mlir::isa<FragmentAttr>(placement))
    return hasPointers(findLevel(machine, placement));
  mlir::Region &lowering = intrinsic.getLowering();
  bool isOpaque = operand < lowering.getNumArguments() &&
                  !getScalars(lowering.getArgument(operand).getType());
  return !isOpaque && llvm::any_of(machine.getOps<LevelOp>(), hasPointers);
}

static bool checkIntrinsic(AcceleratorOp machine, IntrinsicOp intrinsic) {
  if (!intrinsic.getPlacements() || intrinsic.getLowering().empty())
    return true;
  bool isReached = true;
  unsigned accumulator = intrinsic.getPlacements()->size() - 1;
  for (unsigned operand = 0; operand <= accumulator; ++operand) {
    bool isRead = operand == accumulator;
    mlir::Attribute placement = intrinsic.getPlacementsAttr()[operand];
    if (isPlain(machine, intrinsic, operand) ||
        hasCopy(machine, placement, isRead))
      continue;
    isReached = false;
    intrinsic.emitOpError("has operand ")
        << operand << " in '" << placement << "', which no copy "
        << (isRead ? "reads" : "writes")
        << " and plain loads and stores do not reach";
  }
  return isReached;
}

namespace {
struct Verdict {
  StringRef machine;
  int64_t intrinsics = 0;
  bool isCorrect = true;
};
} // namespace

static Verdict checkMachine(AcceleratorOp machine) {
  Verdict verdict{machine.getSymName()};
  for (auto intrinsic : machine.getOps<IntrinsicOp>()) {
    verdict.isCorrect &= checkIntrinsic(machine, intrinsic);
    ++verdict.intrinsics;
  }
  return verdict;
}

static void printVerdicts(llvm::ArrayRef<Verdict> verdicts) {
  for (const Verdict &verdict : verdicts)
    if (verdict.isCorrect)
      llvm::outs() << "@" << verdict.machine << ": " << verdict.intrinsics
                   << (verdict.intrinsics == 1 ? " intrinsic" : " intrinsics")
                   << ", no mistake found\n";
}

static void printJsonVerdicts(llvm::ArrayRef<Verdict> verdicts) {
  llvm::json::Array machines;
  for (const Verdict &verdict : verdicts)
    machines.push_back(llvm::json::Object{{"name", verdict.machine},
                                          {"intrinsics", verdict.intrinsics},
                                          {"correct", verdict.isCorrect}});
  llvm::outs() << llvm::formatv("{0:2}\n",
                                llvm::json::Value(std::move(machines)));
}

ExitCode amos::checkTarget(StringRef target, bool json) {
  MachineSession session;
  if (ExitCode code = session.read(target); code != ExitCode::Success)
    return code;
  std::vector<Verdict> verdicts;
  for (const MachineSession::Machine &machine : session.getMachines())
    for (auto accelerator : machine.module.get().getOps<AcceleratorOp>())
      verdicts.push_back(checkMachine(accelerator));
  json ? printJsonVerdicts(verdicts) : printVerdicts(verdicts);
  bool isRight = llvm::all_of(
      verdicts, [](const Verdict &verdict) { return verdict.isCorrect; });
  return isRight ? ExitCode::Success : ExitCode::Input;
}
