//===- TargetJson.cpp - amosc target show --json --------------------------===//

#include "MachineSession.h"
#include "amos/Driver/TargetVerbs.h"
#include "amos/Model/Machine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace amos;
using llvm::StringRef;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

template <typename T>
static std::string print(T value) {
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

/// A number that may be absent, which is null.
template <typename T>
static Value toNumber(std::optional<T> number) {
  if (!number)
    return nullptr;
  if constexpr (std::is_same_v<T, llvm::APFloat>)
    return number->convertToDouble();
  else
    return *number;
}

static Object describeLevel(LevelOp level) {
  return Object{{"name", level.getSymName()},
                {"scope", level.getScope()},
                {"capacity", toNumber(level.getCapacity())},
                {"bandwidth", toNumber(level.getBandwidth())},
                {"latency", toNumber(level.getLatency())},
                {"cache", level.getCache()}};
}

static Object describeIntrinsic(IntrinsicOp intrinsic) {
  IntrinsicModel model = readModel(intrinsic);
  Array iterations, types;
  for (const Iteration &iteration : model.contraction.iterations)
    iterations.push_back(
        Object{{"extent", iteration.extent},
               {"kind", iteration.isReduction ? "reduction" : "parallel"}});
  for (const Access &operand : model.contraction.operands)
    types.push_back(print(operand.elementType));
  return Object{{"name", intrinsic.getSymName()},
                {"class", stringifyIntrinsicClass(model.kind)},
                {"iterations", std::move(iterations)},
                {"types", std::move(types)},
                {"latency", toNumber(intrinsic.getLatency())},
                {"units", model.units}};
}

static Object describeMachine(AcceleratorOp machine, StringRef path) {
  Array levels, intrinsics;
  for (auto level : machine.getOps<LevelOp>())
    levels.push_back(describeLevel(level));
  for (auto intrinsic : machine.getOps<IntrinsicOp>())
    intrinsics.push_back(describeIntrinsic(intrinsic));
  Value target = nullptr;
  if (machine.getTarget())
    target = print(*machine.getTarget());
  return Object{{"name", machine.getSymName()},
                {"file", path},
                {"target", std::move(target)},
                {"clock", toNumber(machine.getClock())},
                {"native", isNative(machine)},
                {"levels", std::move(levels)},
                {"intrinsics", std::move(intrinsics)}};
}

ExitCode amos::showTargetJson(StringRef target) {
  MachineSession session;
  if (ExitCode code = session.read(target); code != ExitCode::Success)
    return code;
  Array machines;
  for (const MachineSession::Machine &machine : session.getMachines())
    for (auto accelerator : machine.module.get().getOps<AcceleratorOp>())
      machines.push_back(::describeMachine(accelerator, machine.file.path));
  llvm::outs() << llvm::formatv("{0:2}\n", Value(std::move(machines)));
  return ExitCode::Success;
}
