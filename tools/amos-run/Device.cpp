//===- Device.cpp - A GPU, its memory and its clock -----------------------===//

#include "Device.h"
#include "Driver.h"
#include <algorithm>
#include <vector>

namespace amos::run {

/// Watched bytes at either end of a buffer, and what is in them.
static constexpr size_t margin = 4096;
static constexpr unsigned char marginByte = 0xa5;
static constexpr unsigned char unwritten = 0xff;
/// Written to empty the caches: more than any device has.
static constexpr size_t evictionBytes = size_t(256) << 20;

static const Driver *driver;

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

DeviceBuffer::DeviceBuffer(DeviceBuffer &&other) noexcept {
  *this = std::move(other);
}

DeviceBuffer &DeviceBuffer::operator=(DeviceBuffer &&other) noexcept {
  std::swap(base, other.base);
  std::swap(bytes, other.bytes);
  return *this;
}

DeviceBuffer::~DeviceBuffer() {
  if (base)
    driver->cuMemFree_v2(base);
}

void *DeviceBuffer::get() const {
  return reinterpret_cast<void *>(base + margin); // the device's address
}

DeviceBuffer Device::allocate(size_t bytes) {
  DeviceBuffer buffer;
  size_t all = bytes + 2 * margin;
  if (driver->cuMemAlloc_v2(&buffer.base, all) != 0) {
    buffer.base = 0;
    return buffer;
  }
  buffer.bytes = bytes;
  driver->cuMemsetD8_v2(buffer.base, marginByte, all);
  if (bytes)
    driver->cuMemsetD8_v2(buffer.base + margin, unwritten, bytes);
  return buffer;
}

bool Device::upload(const DeviceBuffer &to, const void *from) {
  return to.bytes == 0 ||
         driver->cuMemcpyHtoD_v2(to.base + margin, from, to.bytes) == 0;
}

bool Device::download(void *to, const DeviceBuffer &from) {
  return from.bytes == 0 ||
         driver->cuMemcpyDtoH_v2(to, from.base + margin, from.bytes) == 0;
}

bool Device::isIntact(const DeviceBuffer &buffer) {
  std::vector<unsigned char> ends(2 * margin);
  uint64_t end = buffer.base + margin + buffer.bytes;
  if (driver->cuMemcpyDtoH_v2(ends.data(), buffer.base, margin) != 0 ||
      driver->cuMemcpyDtoH_v2(ends.data() + margin, end, margin) != 0)
    return false;
  return std::all_of(ends.begin(), ends.end(),
                     [](unsigned char byte) { return byte == marginByte; });
}

//===----------------------------------------------------------------------===//
// Work
//===----------------------------------------------------------------------===//

std::optional<Failure> Device::wait() {
  int error = driver->cuCtxSynchronize();
  if (error == 0)
    return std::nullopt;
  return Failure{CheckFailed, "on the device, " + driver->explain(error)};
}

/// The device's seconds between two events around what `work` enqueues.
double Device::timeBetween(const std::function<void()> &work) {
  float milliseconds = 0;
  driver->cuEventRecord(events[0], stream);
  work();
  driver->cuEventRecord(events[1], stream);
  driver->cuEventSynchronize(events[1]);
  driver->cuEventElapsedTime(&milliseconds, events[0], events[1]);
  return static_cast<double>(milliseconds) * 1e-3;
}

/// Evicting takes the device longer than enqueuing takes the host, so that the
/// call waits in the stream when its time begins.
double Device::timeCold(const std::function<void()> &work) {
  driver->cuMemsetD8Async(eviction.base + margin, 0, eviction.bytes, stream);
  return timeBetween(work);
}

double Device::timeWarm(const std::function<void()> &work, int calls) {
  double seconds = timeBetween([&] {
    for (int n = 0; n < calls; ++n)
      work();
  });
  return seconds / calls;
}

//===----------------------------------------------------------------------===//
// Opening
//===----------------------------------------------------------------------===//

bool Device::start(std::string &problem) {
  int device = 0;
  void *context = nullptr;
  char text[256] = "";
  for (int error : {driver->cuDeviceGet(&device, 0),
                    driver->cuDeviceGetName(text, sizeof text, device),
                    driver->cuDevicePrimaryCtxRetain(&context, device),
                    driver->cuCtxSetCurrent(context),
                    driver->cuStreamCreate(&stream, /*non-blocking=*/1),
                    driver->cuEventCreate(&events[0], 0),
                    driver->cuEventCreate(&events[1], 0)})
    if (error != 0) {
      problem = "the first device cannot be used, " + driver->explain(error);
      return false;
    }
  name = text;
  eviction = allocate(evictionBytes);
  if (!eviction.isValid())
    problem = "not enough memory of the device";
  return eviction.isValid();
}

Device::~Device() = default;

Device *Device::open(std::string &problem) {
  static std::unique_ptr<Device> device;
  if (device)
    return device.get();
  driver = Driver::open(problem);
  if (!driver)
    return nullptr;
  std::unique_ptr<Device> started(new Device);
  if (!started->start(problem))
    return nullptr;
  device = std::move(started);
  return device.get();
}

} // namespace amos::run
