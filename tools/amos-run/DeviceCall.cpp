//===- DeviceCall.cpp - A call with its buffers on a device ---------------===//

#include "DeviceCall.h"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

namespace amos::run {

static constexpr int32_t missingDriver = 4;
static constexpr int32_t missingCode = 5;
static constexpr double warmUpSeconds = 0.06;
static constexpr double sustainedSeconds = 0.08;
static constexpr auto idleTime = std::chrono::milliseconds(120);

DeviceCall::DeviceCall(Device &device, const Function &function,
                       const Entry &entry, const Operands &operands)
    : device(device), function(function), entry(entry), operands(operands),
      workspace(device.allocate(entry.getWorkspaceSize())) {
  isValid = operands.isValid() && workspace.isValid();
  for (size_t n = 0; isValid && n < function.arguments.size(); ++n) {
    buffers.push_back(device.allocate(operands[n].size()));
    isValid = buffers.back().isValid() &&
              device.upload(buffers.back(), operands[n].get());
  }
}

/// Scalars and numbers of a buffer stay on the host, where the function reads
/// them.
std::vector<void *> DeviceCall::getPointers() const {
  std::vector<void *> pointers = operands.getPointers(function);
  size_t place = 0;
  for (size_t n = 0; n < buffers.size(); ++n) {
    if (!function.arguments[n].isScalar)
      pointers[place] = buffers[n].get();
    place += 1 + function.arguments[n].numbers.size();
  }
  return pointers;
}

int32_t DeviceCall::enqueue(const std::vector<void *> &pointers) const {
  return entry.run(pointers, workspace.size() ? workspace.get() : nullptr,
                   workspace.size(), device.getStream());
}

bool DeviceCall::copyBack() {
  for (size_t n = 0; n < buffers.size(); ++n)
    if (!device.download(operands[n].get(), buffers[n]))
      return false;
  return true;
}

std::optional<Failure> DeviceCall::run() {
  if (!isValid)
    return Failure{EnvironmentError, "not enough memory"};
  if (int32_t status = enqueue(getPointers())) {
    bool isAbsent = status == missingDriver || status == missingCode;
    return Failure{isAbsent ? EnvironmentError : CheckFailed,
                   entry.explain(status)};
  }
  if (auto failure = device.wait())
    return failure;
  if (!copyBack())
    return Failure{CheckFailed, "the results cannot be read"};
  for (size_t n = 0; n < buffers.size(); ++n)
    if (!device.isIntact(buffers[n]))
      return Failure{CheckFailed, "wrote beside the buffer of '" +
                                      function.arguments[n].name + "'"};
  if (!device.isIntact(workspace))
    return Failure{CheckFailed, "wrote beside the workspace"};
  return std::nullopt;
}

std::vector<Device::Cold> DeviceCall::timeBurst(int samples) {
  std::vector<void *> pointers = getPointers();
  std::vector<Device::Cold> times;
  for (int n = 0; n < samples; ++n)
    times.push_back(device.timeCold([&] { enqueue(pointers); }));
  return times;
}

double DeviceCall::timeSustained(double length, int &calls) {
  std::vector<void *> pointers = getPointers();
  auto count = [&](double time) {
    return static_cast<int>(std::clamp(std::ceil(time / length), 1.0, 1e6));
  };
  auto work = [&] { enqueue(pointers); };
  calls = count(sustainedSeconds);
  device.timeWarm(work, count(warmUpSeconds));
  return device.timeWarm(work, calls);
}

/// Single calls on an idle, cold device first, while its clock is high; then
/// calls one behind the other, warmed up by themselves.
Timing DeviceCall::measure(int samples) {
  timeBurst(1);
  std::this_thread::sleep_for(idleTime);
  std::vector<double> seconds;
  for (Device::Cold cold : timeBurst(std::max(samples, 1)))
    seconds.push_back(cold.seconds);
  Timing timing = summarize(std::move(seconds));
  timing.sustained =
      timeSustained(std::max(timing.median, 1e-6), timing.sustainedCalls);
  timing.device = device.getName();
  return timing;
}

} // namespace amos::run
