//===- Calibrate.cpp - amos-run calibrate ---------------------------------===//

#include "Calibrate.h"
#include "Calibration.h"
#include "Child.h"
#include "Device.h"
#include "Files.h"
#include "Host.h"
#include "Readings.h"
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>

namespace amos::run {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t version = 1;
/// Of a sample, in seconds: long against a launch.
constexpr double leastTime = 1e-3;
constexpr int64_t mostRounds = int64_t(1) << 40;

/// What a child hands back of one kernel.
struct KernelTime {
  bool isMeasured;
  double cycles; ///< of a round, the median
  double spread; ///< distance of the quartiles, as a share of it
  double frequency;
  int64_t blocks, bytes;
};

/// What children share with their parent: the part they are at, and the times.
struct Board {
  char device[256], reason[512];
  size_t part;
  static constexpr size_t room = 4096;
  KernelTime times[room];
};

template <size_t size>
void copyText(char (&field)[size], const std::string &text) {
  std::strncpy(field, text.c_str(), size - 1);
}

//===----------------------------------------------------------------------===//
// One kernel, in the child
//===----------------------------------------------------------------------===//

/// Launches one kernel with more and more rounds.
class KernelTimer {
public:
  KernelTimer(Device &device, const TimedKernel &kernel)
      : device(device), kernel(kernel) {}

  std::optional<Failure> prepare(const std::string &code);
  std::optional<Failure> measure(int samples, KernelTime &time);

private:
  std::vector<uint64_t> makeRing() const;
  std::optional<Failure> run(int64_t rounds);
  std::optional<Failure> chooseRounds();

  Device &device;
  const TimedKernel &kernel;
  void *function = nullptr;
  int64_t blocks = 1, bytes = 0, rounds = 1;
  DeviceBuffer buffer, out;
  uint64_t start = 0;             ///< what the kernel gets as its buffer
  double seconds = 0, cycles = 0; ///< of the last run
};

} // namespace

static Failure lack() { return {EnvironmentError, "not enough memory"}; }

/// The addresses of a ring without order through all places of the buffer.
std::vector<uint64_t> KernelTimer::makeRing() const {
  size_t places = buffer.size() / static_cast<size_t>(kernel.ringBytes);
  std::vector<size_t> order(places);
  std::iota(order.begin(), order.end(), size_t(0));
  std::mt19937_64 random(places);     // the same ring each time
  for (size_t n = places; n > 2; --n) // the first stays the first
    std::swap(order[n - 1], order[1 + random() % (n - 1)]);
  size_t words = static_cast<size_t>(kernel.ringBytes) / sizeof(uint64_t);
  std::vector<uint64_t> ring(buffer.size() / sizeof(uint64_t));
  auto base = reinterpret_cast<uint64_t>(buffer.get());
  for (size_t n = 0; n < places; ++n)
    ring[order[n] * words] =
        base + order[(n + 1) % places] * words * sizeof(uint64_t);
  return ring;
}

std::optional<Failure> KernelTimer::prepare(const std::string &code) {
  std::string problem;
  function = device.loadKernel(
      code, kernel.name, static_cast<size_t>(kernel.sharedBytes), problem);
  if (!function)
    return Failure{EnvironmentError, problem};
  blocks = kernel.blocksPerCore ? device.getCores() * kernel.blocksPerCore : 1;
  int64_t granule = std::max<int64_t>(
      {kernel.ringBytes, blocks * kernel.threads * kernel.stepBytes, 1});
  bytes = std::max<int64_t>(1, kernel.bufferBytes / granule) * granule;
  buffer = device.allocate(static_cast<size_t>(bytes));
  out = device.allocate(static_cast<size_t>(blocks + 1) * sizeof(uint64_t));
  if (!buffer.isValid() || !out.isValid())
    return lack();
  start = reinterpret_cast<uint64_t>(buffer.get());
  if (!kernel.ringBytes)
    return device.clear(buffer) ? std::nullopt : std::optional(lack());
  if (!device.upload(buffer, makeRing().data()))
    return lack();
  return kernel.isWarm ? run(bytes / kernel.ringBytes) : std::nullopt;
}

/// The slowest block counts: the others wait for it in the end.
std::optional<Failure> KernelTimer::run(int64_t count) {
  bool isLaunched = false;
  auto work = [&] {
    isLaunched = device.launch(function, static_cast<unsigned>(blocks),
                               static_cast<unsigned>(kernel.threads),
                               static_cast<size_t>(kernel.sharedBytes),
                               {start, static_cast<uint64_t>(bytes),
                                static_cast<uint64_t>(count),
                                reinterpret_cast<uint64_t>(out.get())});
  };
  seconds = device.timeWarm(work, 1);
  if (auto failure = device.wait())
    return failure;
  std::vector<uint64_t> numbers(out.size() / sizeof(uint64_t));
  if (!isLaunched || !device.download(numbers.data(), out))
    return Failure{CheckFailed, "it cannot be launched"};
  if (kernel.ringBytes)
    start = numbers.back(); // and goes on there
  numbers.pop_back();
  cycles =
      static_cast<double>(*std::max_element(numbers.begin(), numbers.end()));
  if (cycles <= 0 || !device.isIntact(buffer) || !device.isIntact(out))
    return Failure{CheckFailed,
                   "it left no cycles, or wrote beside its buffer"};
  return std::nullopt;
}

std::optional<Failure> KernelTimer::chooseRounds() {
  do {
    if (auto failure = run(rounds))
      return failure;
    if (seconds >= leastTime)
      return std::nullopt;
    rounds *= 2;
  } while (rounds < mostRounds);
  return Failure{CheckFailed, "its rounds take no time"};
}

std::optional<Failure> KernelTimer::measure(int samples, KernelTime &time) {
  if (auto failure = chooseRounds())
    return failure;
  std::vector<double> costs, frequencies;
  for (int n = 0; n < samples; ++n) {
    if (auto failure = run(rounds))
      return failure;
    costs.push_back(cycles / static_cast<double>(rounds));
    frequencies.push_back(cycles / seconds);
  }
  double median = getQuantile(costs, 0.5);
  time = {true,
          median,
          (getQuantile(costs, 0.75) - getQuantile(costs, 0.25)) / median,
          getQuantile(frequencies, 0.5),
          blocks,
          bytes};
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// All parts
//===----------------------------------------------------------------------===//

namespace {
/// The parts on their way through children: one goes on until a kernel kills
/// it, the next one begins behind that part.
class Calibrating {
public:
  Calibrating(const CalibrateRequest &request, Calibration &calibration)
      : request(request), calibration(calibration) {}

  std::optional<Failure> run();
  Json describe() const;
  std::string formatText() const;
  bool isComplete() const { return !wasInterrupted(); }
  bool isWhole() const;

private:
  void runFrom(size_t first);
  std::optional<Failure> measure(const TimedPart &part, KernelTime *times);
  const KernelTime *getTimes(size_t part) const {
    return board->times + firsts[part];
  }

  const CalibrateRequest &request;
  Calibration &calibration;
  std::vector<size_t> firsts; ///< of each part, in the board
  std::vector<bool> lost;     ///< parts with kernels that could not be run
  Board *board = nullptr;
};
} // namespace

std::optional<Failure> Calibrating::measure(const TimedPart &part,
                                            KernelTime *times) {
  std::string code, problem;
  Device *device = Device::open(problem);
  if (!device)
    return Failure{EnvironmentError, problem};
  if (!readFile(part.file, code) || code.empty())
    return Failure{InputRejected, "cannot read '" + part.file + "'"};
  for (size_t n = 0; n < part.kernels.size(); ++n) {
    KernelTimer timer(*device, part.kernels[n]);
    if (auto failure = timer.prepare(code))
      return failure;
    if (auto failure = timer.measure(request.samples, times[n]))
      return failure;
  }
  return std::nullopt;
}

/// In the child. Dies of the first part that fails: its work may have left the
/// device's context of no use.
void Calibrating::runFrom(size_t first) {
  for (size_t n = first; n < calibration.parts.size(); ++n) {
    board->part = n;
    if (!calibration.parts[n].reason.empty())
      continue;
    auto failure = measure(calibration.parts[n], board->times + firsts[n]);
    if (!failure)
      continue;
    copyText(board->reason, failure->problem);
    return;
  }
  board->part = calibration.parts.size();
}

std::optional<Failure> Calibrating::run() {
  size_t kernels = 0;
  for (const TimedPart &part : calibration.parts) {
    firsts.push_back(kernels);
    kernels += part.kernels.size();
  }
  lost.resize(calibration.parts.size());
  board = static_cast<Board *>(allocateShared(sizeof(Board)));
  if (!board || kernels > Board::room)
    return Failure{EnvironmentError, "too many kernels"};
  runInChild(request.timeout, [&] {
    std::string problem;
    if (Device *device = Device::open(problem))
      copyText(board->device, device->getDescription());
    copyText(board->reason, problem);
  });
  if (!board->device[0])
    return Failure{EnvironmentError, board->reason[0]
                                         ? board->reason
                                         : "the device does not start"};
  for (size_t n = 0; n < calibration.parts.size() && !wasInterrupted();
       n = board->part + 1) {
    board->part = n;
    board->reason[0] = '\0';
    Ending ending = runInChild(request.timeout, [&] { runFrom(n); });
    if (board->part == calibration.parts.size())
      break;
    lost[board->part] = true;
    calibration.parts[board->part].reason =
        ending.kind == Ending::Finished   ? board->reason
        : ending.kind == Ending::Died     ? ending.reason
        : ending.kind == Ending::TimedOut ? "its kernels do not end"
                                          : "interrupted";
  }
  return std::nullopt;
}

bool Calibrating::isWhole() const {
  return std::none_of(lost.begin(), lost.end(),
                      [](bool isLost) { return isLost; });
}

//===----------------------------------------------------------------------===//
// The results
//===----------------------------------------------------------------------===//

static Json describe(const TimedKernel &kernel, const KernelTime &time) {
  return {{"kernel", kernel.name},
          {"quantity", kernel.quantity},
          {"invocations", kernel.invocations},
          {"block_bytes", kernel.blockBytes},
          {"threads", kernel.threads},
          {"blocks", time.blocks},
          {"bytes", time.bytes},
          {"cycles", time.cycles},
          {"spread", time.spread},
          {"frequency", time.frequency}};
}

Json Calibrating::describe() const {
  Json parts = Json::array();
  for (size_t n = 0; n < calibration.parts.size(); ++n) {
    const TimedPart &part = calibration.parts[n];
    Json kernels = Json::array();
    for (size_t k = 0; k < part.kernels.size(); ++k)
      if (getTimes(n)[k].isMeasured)
        kernels.push_back(run::describe(part.kernels[k], getTimes(n)[k]));
    Json own = {{"part", part.name}, {"kernels", kernels}};
    if (!part.reason.empty())
      own["reason"] = part.reason;
    parts.push_back(own);
  }
  return {{"amos_calibration_results", version},
          {"producer", "amos-run " AMOS_VERSION},
          {"date", describeHost().date},
          {"device", board->device},
          {"machine", calibration.machine},
          {"samples", request.samples},
          {"complete", isComplete()},
          {"parts", parts}};
}

std::string Calibrating::formatText() const {
  std::string text = std::string(board->device) + "\n";
  char line[200];
  for (size_t n = 0; n < calibration.parts.size(); ++n) {
    const TimedPart &part = calibration.parts[n];
    for (size_t k = 0; k < part.kernels.size(); ++k)
      if (const KernelTime &time = getTimes(n)[k]; time.isMeasured) {
        std::snprintf(line, sizeof line,
                      "%-40s %14.2f cycles a round (%.0f %%), %.2f GHz\n",
                      part.kernels[k].name.c_str(), time.cycles,
                      time.spread * 100, time.frequency * 1e-9);
        text += line;
      }
    if (!part.reason.empty())
      text += part.name + ": not measured: " + part.reason + "\n";
  }
  return text;
}

static ExitCode report(const Failure &failure) {
  std::fprintf(stderr, "amos-run: error: %s\n", failure.problem.c_str());
  return failure.code;
}

ExitCode calibrate(const CalibrateRequest &request) {
  Calibration calibration;
  std::string problem;
  if (!readCalibration(request.bundle, calibration, problem))
    return report({InputRejected, problem});
  catchInterrupts();
  Calibrating calibrating(request, calibration);
  if (auto failure = calibrating.run())
    return report(*failure);
  constexpr auto lossy = Json::error_handler_t::replace;
  std::string json = calibrating.describe().dump(1, ' ', false, lossy) + "\n";
  std::string shown = request.json ? json : calibrating.formatText();
  std::fwrite(shown.data(), 1, shown.size(), stdout);
  if (!request.output.empty() && !writeFile(request.output, json))
    return report({EnvironmentError, "cannot write '" + request.output + "'"});
  if (!calibrating.isComplete())
    return CutShort;
  return calibrating.isWhole() ? Success : CheckFailed;
}

} // namespace amos::run
