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

double DeviceCall::timeOnce(bool isCold) {
  std::vector<void *> pointers = getPointers();
  auto work = [&] { enqueue(pointers); };
  return isCold ? device.timeCold(work) : device.timeWarm(work, 1);
}

/// Single calls on an idle, cold device first, while its clock is high; then
/// calls one behind the other, warmed up by themselves.
Timing DeviceCall::measure(int samples) {
  std::vector<void *> pointers = getPointers();
  auto work = [&] { enqueue(pointers); };
  device.timeCold(work);
  std::this_thread::sleep_for(idleTime);
  std::vector<double> seconds;
  for (int n = 0; n < std::max(samples, 1); ++n)
    seconds.push_back(device.timeCold(work));
  Timing timing = summarize(std::move(seconds));
  double length = std::max(timing.median, 1e-6);
  auto count = [&](double time) {
    return std::max(1, static_cast<int>(std::ceil(time / length)));
  };
  device.timeWarm(work, count(warmUpSeconds));
  timing.sustainedCalls = count(sustainedSeconds);
  timing.sustained = device.timeWarm(work, timing.sustainedCalls);
  timing.device = device.getName();
  return timing;
}

} // namespace amos::run
