//===- Calibrate.cpp - amosc target calibrate -----------------------------===//

#include "Amos/Placement.h"
#include "CalibrateDevice.h"
#include "MachineSession.h"
#include "NativeCode.h"
#include "Stopwatch.h"
#include "TimingModule.h"
#include "amos/Driver/Artifact.h"
#include "amos/Driver/TargetVerbs.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMAttrs.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/TargetParser/Host.h"
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <numeric>
#include <random>
#include <sys/mman.h>
#include <unistd.h>

using namespace amos;
using llvm::formatv;
using llvm::StringRef;
namespace json = llvm::json;

/// What takes longer is not measured, in seconds.
constexpr unsigned mostSeconds = 120;
/// A memory is measured with so many times the largest cache, in these bounds.
constexpr int64_t timesLargestCache = 4;
constexpr int64_t leastMemory = int64_t(64) << 20;
constexpr int64_t mostMemory = int64_t(512) << 20;
constexpr int64_t lineBytes = 64;

//===----------------------------------------------------------------------===//
// Measuring, in a child
//===----------------------------------------------------------------------===//

/// Memory in pages as large as the system has them, so that what is measured is
/// no search for pages; null when there is none.
static std::unique_ptr<char, decltype(&std::free)> makeBuffer(int64_t bytes) {
  constexpr int64_t page = int64_t(2) << 20;
  size_t size =
      bytes < page ? llvm::alignTo(bytes, 4096) : llvm::alignTo(bytes, page);
  void *memory = std::aligned_alloc(bytes < page ? 4096 : page, size);
  if (memory) {
    (void)::madvise(memory, size, MADV_HUGEPAGE); // a wish
    std::memset(memory, 0, size);
  }
  return {static_cast<char *>(memory), &std::free};
}

static json::Object toJson(const Measured &measured, double value) {
  return json::Object{{"value", value}, {"spread", measured.spread}};
}

static std::string measureIntrinsic(IntrinsicOp intrinsic,
                                    json::Object &result) {
  auto module = buildTimingModule(intrinsic);
  if (!module)
    return "its lowering cannot be compiled";
  auto jit = loadNative(*module);
  if (!jit)
    return llvm::toString(jit.takeError());
  std::vector<std::unique_ptr<char, decltype(&std::free)>> buffers;
  std::vector<void *> pointers;
  for (mlir::Type type : intrinsic.getLowering().getArgumentTypes()) {
    auto scalars = getScalars(type);
    int64_t bytes = scalars->count * scalars->type.getIntOrFloatBitWidth() / 8;
    buffers.push_back(makeBuffer(std::max<int64_t>(bytes, 8)));
    if (!buffers.back())
      return "there is too little memory";
    pointers.push_back(buffers.back().get());
  }
  Stopwatch stopwatch(**jit, pointers);
  std::optional<Measured> best;
  double interval = 0;
  for (int64_t chains : getChains()) {
    auto cycles = stopwatch.measure("chains" + std::to_string(chains));
    if (!cycles)
      return "its code does not load";
    if (chains == 1)
      result["latency"] = toJson(*cycles, cycles->median);
    if (!best || cycles->median / chains < interval) {
      best = cycles;
      interval = cycles->median / chains;
    }
  }
  result["interval"] = toJson(*best, interval);
  return "";
}

/// Links the lines of a buffer to one ring without order.
static void linkLines(char *base, int64_t bytes) {
  std::vector<int64_t> order(bytes / lineBytes);
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin() + 1, order.end(), std::mt19937_64(1));
  for (size_t i = 0; i < order.size(); ++i)
    *reinterpret_cast<void **>(base + order[i] * lineBytes) =
        base + order[(i + 1) % order.size()] * lineBytes;
}

static std::string measureLevel(AcceleratorOp machine, int64_t width,
                                int64_t bytes, json::Object &result) {
  auto module = buildTimingModule(machine, width, bytes);
  if (!module)
    return "its loops cannot be compiled";
  auto jit = loadNative(*module);
  if (!jit)
    return llvm::toString(jit.takeError());
  auto buffer = makeBuffer(bytes);
  if (!buffer)
    return "there is too little memory";
  Stopwatch stopwatch(**jit, {buffer.get()});
  for (auto [name, amount] :
       {std::pair("read", bytes), std::pair("write", bytes),
        std::pair("copy", bytes / 2),
        std::pair("broadcast", broadcastsPerRound)})
    if (auto cycles = stopwatch.measure(name))
      result[name] = toJson(*cycles, amount / cycles->median);
  linkLines(buffer.get(), bytes);
  if (auto cycles = stopwatch.measure("chase"))
    result["latency"] = toJson(*cycles, cycles->median);
  Measured frequency = stopwatch.getFrequency();
  result["frequency"] = toJson(frequency, frequency.median);
  return "";
}

/// Runs `work` in a child; its measurements, or why there are none.
static json::Object
measureInChild(StringRef what,
               llvm::function_ref<std::string(json::Object &)> work) {
  std::string text, death;
  runForText(
      [&](llvm::function_ref<ExitCode(Progress &)> run) {
        return runInChild(run, [&](const Progress &, StringRef how) {
          death = "measuring it ended with: " + how.str();
        });
      },
      [&](Progress &progress, llvm::raw_ostream &stream) {
        ::alarm(mostSeconds);
        setText(progress.blame, what);
        json::Object result;
        if (std::string reason = work(result); !reason.empty())
          result["reason"] = reason;
        stream << json::Value(std::move(result));
        return ExitCode::Success;
      },
      text);
  auto value = json::parse(text);
  if (value && value->getAsObject())
    return std::move(*value->getAsObject());
  llvm::consumeError(value.takeError());
  return json::Object{
      {"reason", death.empty() ? "its code cannot be generated" : death}};
}

//===----------------------------------------------------------------------===//
// The description
//===----------------------------------------------------------------------===//

/// The bytes that are read and written to measure a level; 0 for registers and
/// memories that code does not reach.
static int64_t getWorkingSet(AcceleratorOp machine, LevelOp level) {
  int64_t largest = 0;
  for (auto other : machine.getOps<LevelOp>())
    if (other.getCache())
      largest = std::max<int64_t>(largest, other.getCapacity().value_or(0));
  int64_t bytes = 0;
  if (level.getCache())
    bytes = std::min<int64_t>(level.getCapacity().value_or(0) / 2, mostMemory);
  else if (level.getAddress())
    bytes = std::clamp(largest * timesLargestCache, leastMemory, mostMemory);
  return bytes / 8192 * 8192;
}

/// Bytes of the widest register that the features of the machine allow.
static int64_t getRegisterBytes(AcceleratorOp machine) {
  auto target = mlir::dyn_cast_or_null<mlir::LLVM::TargetFeaturesAttr>(
      machine.getTargetAttr());
  int64_t bytes = 16;
  for (mlir::StringAttr feature :
       target ? target.getFeatures() : llvm::ArrayRef<mlir::StringAttr>()) {
    if (feature.getValue().starts_with("+avx512"))
      return 64;
    if (feature.getValue().starts_with("+avx"))
      bytes = 32;
  }
  return bytes;
}

/// The widest access of one lane, in bytes.
static int64_t getWidth(AcceleratorOp machine) {
  int64_t width = 8;
  for (auto level : machine.getOps<LevelOp>())
    width = std::max<int64_t>(width, level.getAccess().value_or(0));
  return std::min<int64_t>(width, getRegisterBytes(machine));
}

static std::optional<json::Object> measure(AcceleratorOp machine,
                                           LevelOp level) {
  int64_t bytes = getWorkingSet(machine, level);
  if (!bytes)
    return std::nullopt;
  json::Object result =
      measureInChild("a loop over memory", [&](json::Object &measured) {
        return measureLevel(machine, getWidth(machine), bytes, measured);
      });
  result["bytes"] = bytes;
  return result;
}

static json::Object measure(AcceleratorOp machine, IntrinsicOp intrinsic) {
  if (std::string reason = explainSkip(machine, intrinsic); !reason.empty())
    return json::Object{{"reason", reason}};
  json::Object result = measureInChild(
      ("the lowering of '@" + intrinsic.getSymName() + "'").str(),
      [&](json::Object &measured) {
        return measureIntrinsic(intrinsic, measured);
      });
  result["unit"] = intrinsic.getIssue();
  return result;
}

static std::string getDate() {
  std::time_t now = std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof(text), "%Y-%m-%d", std::gmtime(&now));
  return text;
}

/// The processor as the system calls it, else as LLVM does.
static std::string getProcessor() {
  auto file = llvm::MemoryBuffer::getFileAsStream("/proc/cpuinfo");
  if (file)
    for (StringRef line : llvm::split((*file)->getBuffer(), '\n'))
      if (line.starts_with("model name"))
        return (line.split(':').second.trim() + " (" +
                llvm::sys::getHostCPUName() + ")")
            .str();
  return llvm::sys::getHostCPUName().str();
}

static constexpr StringRef head =
    R"(//===- Measured by 'amosc target calibrate' -------------------------------===//
//
// {0} The median of several runs and, in brackets,
// the distance between the quartiles. Cycles are those of {1}.
//
//===----------------------------------------------------------------------===//
)";

/// A machine that something else than this processor executes is measured by a
/// bundle, there.
static ExitCode explainBundle(AcceleratorOp machine) {
  reportError("this processor does not execute the code of '@" +
              machine.getSymName() + "'");
  if (mlir::isa_and_nonnull<mlir::gpu::TargetAttrInterface>(
          machine.getTargetAttr()))
    reportNote("write kernels that measure it with --bundle=DIR, run them "
               "beside the device with 'amos-run calibrate DIR -o FILE', and "
               "take the numbers with --results=FILE");
  return ExitCode::Environment;
}

static ExitCode getResults(AcceleratorOp machine,
                           const CalibrationRequest &request,
                           MachineResults &results) {
  if (!request.results.empty())
    return readCalibrationResults(machine, request.results, results);
  if (!isNative(machine))
    return explainBundle(machine);
  results = {
      "processor", getProcessor(), getDate(),
      [=](LevelOp level) { return measure(machine, level); },
      [=](IntrinsicOp intrinsic) { return measure(machine, intrinsic); }};
  return ExitCode::Success;
}

static ExitCode writeDescription(llvm::ArrayRef<MachineSession::Machine> files,
                                 const CalibrationRequest &request) {
  Artifact file{request.output.empty() ? "-" : request.output, {}};
  llvm::raw_svector_ostream stream(file.bytes);
  bool isDevice = !request.results.empty();
  stream << formatv(head.data(), isDevice ? "One device." : "One core.",
                    isDevice ? "the core's own counter"
                             : "dependent additions, timed beside each run");
  for (const MachineSession::Machine &machine : files)
    for (auto accelerator : machine.module.get().getOps<AcceleratorOp>()) {
      MachineResults results;
      if (ExitCode code = getResults(accelerator, request, results);
          code != ExitCode::Success)
        return code;
      stream << '\n';
      writeCalibrated(accelerator, machine.file, results, stream);
    }
  if (llvm::Error error = writeArtifacts(file)) {
    reportError(llvm::toString(std::move(error)));
    return ExitCode::Environment;
  }
  return ExitCode::Success;
}

/// For the one machine of `files`.
static ExitCode writeKernels(llvm::ArrayRef<MachineSession::Machine> files,
                             const CalibrationRequest &request) {
  std::vector<AcceleratorOp> machines;
  for (const MachineSession::Machine &file : files)
    llvm::append_range(machines, file.module.get().getOps<AcceleratorOp>());
  if (machines.size() != 1) {
    reportError("a bundle measures one machine, '" + request.target + "' is " +
                llvm::Twine(machines.size()));
    return ExitCode::Usage;
  }
  if (!mlir::isa_and_nonnull<mlir::gpu::TargetAttrInterface>(
          machines[0].getTargetAttr())) {
    reportError("'@" + machines[0].getSymName() +
                "' has no kernels; leave out --bundle to measure this "
                "processor");
    return ExitCode::Usage;
  }
  return writeCalibrationBundle(machines[0], request.bundle, request.jobs);
}

ExitCode amos::calibrateTarget(const CalibrationRequest &request) {
  if (!request.bundle.empty() && !request.results.empty()) {
    reportError("--bundle writes what is to be run, --results reads what came "
                "of it; expected one of them");
    return ExitCode::Usage;
  }
  MachineSession session;
  if (ExitCode code = session.read(request.target); code != ExitCode::Success)
    return code;
  return request.bundle.empty()
             ? writeDescription(session.getMachines(), request)
             : writeKernels(session.getMachines(), request);
}
