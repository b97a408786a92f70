//===- Device.h - A GPU, its memory and its clock ---------------*- C++ -*-===//
#ifndef AMOS_RUN_DEVICE_H
#define AMOS_RUN_DEVICE_H

#include "Entry.h"
#include <functional>
#include <memory>

namespace amos::run {

/// Memory of the device, freed with the object. Both ends are watched.
class DeviceBuffer {
public:
  DeviceBuffer() = default;
  DeviceBuffer(DeviceBuffer &&other) noexcept;
  DeviceBuffer &operator=(DeviceBuffer &&other) noexcept;
  ~DeviceBuffer();

  bool isValid() const { return base; }
  /// What functions get; aligned to 256 bytes.
  void *get() const;
  size_t size() const { return bytes; }

private:
  friend class Device;
  uint64_t base = 0;
  size_t bytes = 0;
};

/// The first device of NVIDIA's, through the driver, which is opened at run
/// time. What fails says so in `problem` or a Failure: EnvironmentError where
/// there is no driver, device or memory, CheckFailed where kernels went wrong.
class Device {
public:
  /// Opened once and kept; null when there is none.
  static Device *open(std::string &problem);
  ~Device();

  /// "NVIDIA H200".
  const std::string &getName() const { return name; }
  /// To be passed to functions; the work of this object is done on it.
  void *getStream() const { return stream; }

  /// `bytes`, all 0xff, between watched ends. Its `isValid` tells whether there
  /// was memory.
  DeviceBuffer allocate(size_t bytes);
  bool upload(const DeviceBuffer &to, const void *from);
  bool download(void *to, const DeviceBuffer &from);
  /// Whether nobody wrote beside the buffer.
  bool isIntact(const DeviceBuffer &buffer);
  /// Waits for all work; what went wrong with it.
  std::optional<Failure> wait();

  /// Seconds that the device works on one call of `work`, which enqueues, with
  /// nothing of it in the caches.
  double timeCold(const std::function<void()> &work);
  /// Seconds of one of `calls` calls, one behind the other.
  double timeWarm(const std::function<void()> &work, int calls);

private:
  Device() = default;
  bool start(std::string &problem);
  double timeBetween(const std::function<void()> &work);

  std::string name;
  void *stream = nullptr;
  void *events[2] = {};
  DeviceBuffer eviction; ///< several times the caches
};

} // namespace amos::run

#endif // AMOS_RUN_DEVICE_H
