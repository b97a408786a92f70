//===- DeviceCall.h - A call with its buffers on a device -------*- C++ -*-===//
#ifndef AMOS_RUN_DEVICECALL_H
#define AMOS_RUN_DEVICECALL_H

#include "Device.h"
#include "Operands.h"
#include "Timing.h"

namespace amos::run {

/// Copies of a function's operands in the memory of a device, and its
/// workspace.
class DeviceCall {
public:
  /// What `operands` hold now is copied; both must outlive the object.
  DeviceCall(Device &device, const Function &function, const Entry &entry,
             const Operands &operands);

  /// Runs once, waits, and copies everything back into the operands.
  std::optional<Failure> run();
  /// Single calls of a function that ran, each with cold caches.
  std::vector<Device::Cold> timeBurst(int samples);
  /// Seconds of one of the `calls` calls, one behind the other, that follow as
  /// many unmeasured ones: so many that the device gets as warm as it does. A
  /// call alone takes about `length` seconds.
  double timeSustained(double length, int &calls);
  /// Both, of a device that was idle before.
  Timing measure(int samples);

private:
  bool copyBack();
  std::vector<void *> getPointers() const;
  int32_t enqueue(const std::vector<void *> &pointers) const;

  Device &device;
  const Function &function;
  const Entry &entry;
  const Operands &operands;
  std::vector<DeviceBuffer> buffers;
  DeviceBuffer workspace;
  bool isValid = true;
};

} // namespace amos::run

#endif // AMOS_RUN_DEVICECALL_H
