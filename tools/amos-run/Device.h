//===- Device.h - A GPU, its memory and its clock ---------------*- C++ -*-===//
#ifndef AMOS_RUN_DEVICE_H
#define AMOS_RUN_DEVICE_H

#include "Entry.h"
#include <functional>
#include <memory>
#include <vector>

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
  /// That, and what tells one such device from another: "NVIDIA H200, compute
  /// capability 9.0, 132 multiprocessors, 1980 MHz, driver for CUDA 13.0".
  const std::string &getDescription() const { return description; }
  /// Bytes that are read to empty the caches.
  size_t getEvictedBytes() const { return eviction.size(); }
  /// To be passed to functions; the work of this object is done on it.
  void *getStream() const { return stream; }

  /// `bytes`, all 0xff, between watched ends. Its `isValid` tells whether there
  /// was memory.
  DeviceBuffer allocate(size_t bytes);
  bool upload(const DeviceBuffer &to, const void *from);
  /// Makes all of it zero.
  bool clear(const DeviceBuffer &buffer);
  bool download(void *to, const DeviceBuffer &from);
  /// Whether nobody wrote beside the buffer.
  bool isIntact(const DeviceBuffer &buffer);
  /// Waits for all work; what went wrong with it.
  std::optional<Failure> wait();

  /// What the device's clock says of one call that began with cold caches.
  struct Cold {
    double seconds;   ///< of the call
    double bandwidth; ///< bytes per second of the reads before it
  };
  /// Times one call of `work`, which enqueues, with nothing of it in the
  /// caches: they were emptied by reading, so that nothing has to be written
  /// back.
  Cold timeCold(const std::function<void()> &work);
  /// Seconds of one of `calls` calls, one behind the other.
  double timeWarm(const std::function<void()> &work, int calls);

  /// Cores of the device.
  int getCores() const { return cores; }
  /// The kernel of that name in machine code, allowed so many bytes of shared
  /// memory; null, with the reason, when there is none for this device. It
  /// stays loaded.
  void *loadKernel(const std::string &code, const std::string &name,
                   size_t sharedBytes, std::string &problem);
  /// Enqueues a kernel whose parameters are numbers.
  bool launch(void *kernel, unsigned blocks, unsigned threads,
              size_t sharedBytes, std::vector<uint64_t> parameters);

private:
  Device() = default;
  bool start(std::string &problem);
  bool loadReader(std::string &problem);
  void describe(int device);
  int getAttribute(int attribute, int device) const;
  void enqueueReads();
  double getSeconds(void *from, void *to) const;

  std::string name, description;
  void *stream = nullptr;
  void *events[3] = {};
  void *reader = nullptr; ///< the kernel that reads `eviction`
  DeviceBuffer eviction;  ///< several times the caches
  int cores = 1;
};

} // namespace amos::run

#endif // AMOS_RUN_DEVICE_H
