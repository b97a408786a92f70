//===- CalibrateDevice.cpp - Measuring a machine without a compiler -------===//
//
// A folder of kernels goes to the machine, what `amos-run calibrate` writes
// there comes back. docs/Calibration.md has both documents.
//
//===----------------------------------------------------------------------===//

#include "CalibrateDevice.h"
#include "TimingKernels.h"
#include "amos/Driver/Bundle.h"
#include "amos/Driver/Source.h"
#include "amos/Model/Machine.h"
#include "amos/Target/NVVM/Assemble.h"
#include "amos/Target/NVVM/Toolkit.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Threading.h"

using namespace amos;
using llvm::formatv;
using llvm::StringRef;
namespace json = llvm::json;

static constexpr int64_t version = 1;

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

namespace {
/// A level or an intrinsic.
struct Part {
  LevelOp level;
  IntrinsicOp intrinsic;

  StringRef getName() {
    return level ? level.getSymName() : intrinsic.getSymName();
  }
  TimingKernels build(AcceleratorOp machine) {
    return level ? buildTimingKernels(machine, level)
                 : buildTimingKernels(intrinsic);
  }
};
} // namespace

/// Registers have no bandwidth that a loop over memory would find.
static bool isMemory(LevelOp level) {
  return level.getAddress() || level.getCache();
}

static std::vector<Part> listParts(AcceleratorOp machine) {
  std::vector<Part> parts;
  for (auto level : machine.getOps<LevelOp>())
    if (isMemory(level))
      parts.push_back({level, nullptr});
  for (auto intrinsic : machine.getOps<IntrinsicOp>())
    parts.push_back({nullptr, intrinsic});
  return parts;
}

//===----------------------------------------------------------------------===//
// The bundle
//===----------------------------------------------------------------------===//

static json::Object describe(const TimingKernel &kernel) {
  return json::Object{{"kernel", kernel.name},
                      {"quantity", kernel.quantity},
                      {"threads", kernel.threads},
                      {"blocks_per_core", kernel.blocksPerCore},
                      {"shared_bytes", kernel.sharedBytes},
                      {"buffer_bytes", kernel.bufferBytes},
                      {"step_bytes", kernel.stepBytes},
                      {"ring_bytes", kernel.ringBytes},
                      {"warm", kernel.isWarm},
                      {"invocations", kernel.invocations},
                      {"block_bytes", kernel.blockBytes}};
}

namespace {
/// Compiles the parts of a machine, each in a process of its own, which leaves
/// what it made in a folder.
class PartCompiler {
public:
  PartCompiler(AcceleratorOp machine, TemporaryFolder &folder)
      : machine(machine), folder(folder), parts(listParts(machine)),
        descriptions(parts.size()) {}

  ExitCode run(unsigned jobs);
  std::vector<BundleFile> take();

private:
  ExitCode compile(size_t n, Progress &progress);
  ExitCode finish(size_t n, ExitCode code, StringRef death);
  std::string getPath(size_t n, StringRef suffix) {
    return "part-" + std::to_string(n) + suffix.str();
  }
  std::string read(size_t n, StringRef suffix);

  AcceleratorOp machine;
  TemporaryFolder &folder;
  std::vector<Part> parts;
  std::vector<json::Object> descriptions;
  std::vector<BundleFile> files;
};
} // namespace

static ExitCode fail(llvm::Error error) {
  ExitCode code =
      error.isA<MissingTool>() ? ExitCode::Environment : ExitCode::Input;
  reportError(llvm::toString(std::move(error)));
  return code;
}

/// In the child.
ExitCode PartCompiler::compile(size_t n, Progress &progress) {
  redirectErrors(folder.getPath(getPath(n, ".log")));
  setText(progress.blame,
          "the lowering of '@" + parts[n].getName().str() + "'");
  TimingKernels kernels = parts[n].build(machine);
  if (!kernels.module) {
    reportError(kernels.reason);
    return ExitCode::Input;
  }
  auto code = assembleKernels(*kernels.module);
  if (!code)
    return fail(code.takeError());
  for (const std::string &warning : code->report.warnings)
    reportWarning("kernels of '@" + parts[n].getName() + "': " + warning);
  auto fatbin = makeFatbin(*kernels.module, *code);
  if (!fatbin)
    return fail(fatbin.takeError());
  json::Array list;
  for (const TimingKernel &kernel : kernels.kernels)
    list.push_back(describe(kernel));
  std::string text = formatv("{0}", json::Value(std::move(list)));
  for (auto [suffix, bytes] :
       {std::pair(".fatbin", &*fatbin), std::pair(".json", &text)})
    if (llvm::Error error = folder.write(getPath(n, suffix), *bytes))
      return fail(std::move(error));
  return ExitCode::Success;
}

std::string PartCompiler::read(size_t n, StringRef suffix) {
  auto text = folder.read(getPath(n, suffix));
  if (text)
    return std::move(*text);
  llvm::consumeError(text.takeError());
  return "";
}

ExitCode PartCompiler::finish(size_t n, ExitCode code, StringRef death) {
  json::Object &description = descriptions[n];
  description["part"] = parts[n].getName();
  if (code == ExitCode::Success) {
    auto list = json::parse(read(n, ".json"));
    if (!list)
      return fail(list.takeError());
    llvm::errs() << read(n, ".log"); // warnings
    description["file"] = getPath(n, ".fatbin");
    description["kernels"] = std::move(*list);
    files.push_back({getPath(n, ".fatbin"), read(n, ".fatbin")});
    return ExitCode::Success;
  }
  std::string reason =
      death.empty() ? findFirstError(read(n, ".log")) : death.str();
  description["reason"] = reason;
  if (code != ExitCode::Environment)
    return ExitCode::Success;
  reportError(reason);
  return code;
}

ExitCode PartCompiler::run(unsigned jobs) {
  ExitCode worst = ExitCode::Success;
  runInChildren(
      parts.size(), jobs,
      [&](size_t n, Progress &progress) { return compile(n, progress); },
      [&](size_t n, ExitCode code, StringRef death) {
        if (worst == ExitCode::Success)
          worst = finish(n, code, death);
      });
  return worst;
}

std::vector<BundleFile> PartCompiler::take() {
  json::Array list;
  for (json::Object &description : descriptions)
    list.push_back(std::move(description));
  json::Object document{{"amos_calibration", version},
                        {"producer", "amosc " AMOS_VERSION},
                        {"machine", machine.getSymName()},
                        {"parts", std::move(list)}};
  files.push_back({"calibration.json",
                   formatv("{0:2}\n", json::Value(std::move(document))).str()});
  llvm::sort(files, [](const BundleFile &a, const BundleFile &b) {
    return a.path < b.path;
  });
  return std::move(files);
}

ExitCode amos::writeCalibrationBundle(AcceleratorOp machine, StringRef folder,
                                      unsigned jobs) {
  if (!canHoldBundle(folder))
    return ExitCode::Usage;
  DelayedInterrupts interrupts;
  auto temporary = TemporaryFolder::create();
  if (!temporary)
    return fail(temporary.takeError());
  PartCompiler compiler(machine, *temporary);
  if (jobs == 0)
    jobs = llvm::hardware_concurrency().compute_thread_count();
  if (ExitCode code = compiler.run(jobs); code != ExitCode::Success)
    return code;
  return writeBundle(folder, compiler.take());
}

//===----------------------------------------------------------------------===//
// The results
//===----------------------------------------------------------------------===//

static json::Object makeMeasured(double value, const json::Object &kernel) {
  return json::Object{{"value", value},
                      {"spread", kernel.getNumber("spread").value_or(0)}};
}

/// What a kernel says of its part: bytes a cycle, or cycles of an invocation.
static void take(const json::Object &kernel, json::Object &result) {
  StringRef quantity = kernel.getString("quantity").value_or("");
  double cycles = kernel.getNumber("cycles").value_or(0);
  double invocations = kernel.getNumber("invocations").value_or(0);
  double bytes = kernel.getNumber("block_bytes").value_or(0);
  if (cycles <= 0)
    return;
  if (bytes == 0)
    bytes =
        kernel.getNumber("bytes").value_or(0) / (quantity == "copy" ? 2 : 1);
  double value = invocations > 0 ? cycles / invocations : bytes / cycles;
  const json::Object *known = result.getObject(quantity);
  if (quantity == "interval" && known &&
      known->getNumber("value").value_or(0) <= value)
    return;
  result[quantity.str()] = makeMeasured(value, kernel); // outlives the file
  if (quantity != "read")
    return;
  result["bytes"] = static_cast<int64_t>(bytes);
  result["frequency"] =
      makeMeasured(kernel.getNumber("frequency").value_or(0), kernel);
}

static json::Object takePart(const json::Object &part) {
  json::Object result;
  if (auto reason = part.getString("reason"))
    result["reason"] = reason->str();
  const json::Array *kernels = part.getArray("kernels");
  for (const json::Value &kernel : kernels ? *kernels : json::Array())
    if (const json::Object *object = kernel.getAsObject())
      take(*object, result);
  return result;
}

namespace {
/// What `amos-run calibrate` wrote.
struct DeviceResults {
  std::string machine, device, date;
  llvm::StringMap<json::Object> parts;

  json::Object find(StringRef part) const {
    auto found = parts.find(part);
    return found == parts.end()
               ? json::Object{{"reason", "the results do not have it"}}
               : json::Object(found->second);
  }
};
} // namespace

static std::string read(const json::Value &document, DeviceResults &results) {
  const json::Object *object = document.getAsObject();
  if (!object || object->getInteger("amos_calibration_results") != version)
    return "expected what 'amos-run calibrate' writes, with "
           "'amos_calibration_results': " +
           std::to_string(version);
  const json::Array *parts = object->getArray("parts");
  auto machine = object->getString("machine");
  auto device = object->getString("device"), date = object->getString("date");
  if (!parts || !machine || !device || !date)
    return "expected 'machine', 'device', 'date' and 'parts'";
  results.machine = *machine;
  results.device = *device;
  results.date = date->take_front(10); // the day
  for (const json::Value &part : *parts)
    if (const json::Object *own = part.getAsObject())
      if (auto name = own->getString("part"))
        results.parts[*name] = takePart(*own);
  return "";
}

static ExitCode readResults(StringRef path, DeviceResults &results) {
  auto buffer = readSource(path);
  if (!buffer) {
    reportError(llvm::toString(buffer.takeError()));
    return ExitCode::Usage;
  }
  auto document = json::parse((*buffer)->getBuffer());
  std::string problem = document ? read(*document, results)
                                 : llvm::toString(document.takeError());
  if (problem.empty())
    return ExitCode::Success;
  reportError("'" + path + "': " + problem);
  return ExitCode::Input;
}

/// Blocks are measured; a unit may be a part of one, or several.
static json::Object ofUnit(json::Object result, AcceleratorOp machine,
                           IntrinsicOp intrinsic) {
  std::string block = readModel(intrinsic).groupScope;
  result["unit"] = block;
  json::Object *interval = result.getObject("interval");
  if (!intrinsic.getUnit() || !interval)
    return result;
  auto countLanes = [&](StringRef name) -> double {
    auto scope = mlir::dyn_cast_or_null<ScopeOp>(
        mlir::SymbolTable::lookupSymbolIn(machine, name));
    return scope ? scope.getLanes() : 1;
  };
  (*interval)["value"] = interval->getNumber("value").value_or(0) *
                         countLanes(block) / countLanes(*intrinsic.getUnit());
  return result;
}

ExitCode amos::readCalibrationResults(AcceleratorOp machine, StringRef path,
                                      MachineResults &results) {
  auto device = std::make_shared<DeviceResults>();
  if (ExitCode code = readResults(path, *device); code != ExitCode::Success)
    return code;
  if (device->machine != machine.getSymName()) {
    reportError("'" + path + "' has results of '@" + device->machine +
                "', not of '@" + machine.getSymName() + "'");
    return ExitCode::Usage;
  }
  results = {"device", device->device, device->date,
             [=](LevelOp level) -> std::optional<json::Object> {
               if (!isMemory(level))
                 return std::nullopt;
               return device->find(level.getSymName());
             },
             [=](IntrinsicOp intrinsic) {
               return ofUnit(device->find(intrinsic.getSymName()), machine,
                             intrinsic);
             }};
  return ExitCode::Success;
}
