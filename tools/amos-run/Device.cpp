//===- Device.cpp - A GPU, its memory and its clock -----------------------===//

#include "Device.h"
#include "Driver.h"
#include <algorithm>

namespace amos::run {

/// Watched bytes at either end of a buffer, and what is in them.
static constexpr size_t margin = 4096;
static constexpr unsigned char marginByte = 0xa5;
static constexpr unsigned char unwritten = 0xff;
/// Read to empty the caches: at least this much, and several times the cache.
static constexpr size_t leastEviction = size_t(256) << 20;
static constexpr size_t evictedCaches = 4;

static const Driver *driver;

/// Reads `bytes` from `from`, which are zeros, 16 at a time by every thread of
/// any grid. The sum is stored if it is not zero, so that the reads are needed.
static const char readerCode[] = R"(
.version 7.0
.target sm_70
.address_size 64
.visible .entry amos_read(.param .u64 from, .param .u64 bytes) {
  .reg .pred %done, %zero;
  .reg .b32 %thread, %width, %block, %blocks, %a, %b, %c, %d, %sum;
  .reg .b64 %first, %at, %end, %step, %offset;
  ld.param.u64 %first, [from];
  ld.param.u64 %end, [bytes];
  cvta.to.global.u64 %first, %first;
  add.s64 %end, %first, %end;
  mov.u32 %block, %ctaid.x;
  mov.u32 %width, %ntid.x;
  mov.u32 %thread, %tid.x;
  mov.u32 %blocks, %nctaid.x;
  mad.lo.u32 %thread, %block, %width, %thread;
  mul.lo.u32 %width, %width, %blocks;
  mul.wide.u32 %step, %width, 16;
  mul.wide.u32 %offset, %thread, 16;
  add.s64 %at, %first, %offset;
  mov.u32 %sum, 0;
again:
  setp.ge.u64 %done, %at, %end;
  @%done bra end;
  ld.global.v4.u32 {%a, %b, %c, %d}, [%at];
  or.b32 %a, %a, %b;
  or.b32 %c, %c, %d;
  or.b32 %sum, %sum, %a;
  or.b32 %sum, %sum, %c;
  add.s64 %at, %at, %step;
  bra again;
end:
  setp.eq.u32 %zero, %sum, 0;
  @%zero ret;
  st.global.u32 [%first], %sum;
  ret;
}
)";

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

bool Device::clear(const DeviceBuffer &buffer) {
  return buffer.bytes == 0 ||
         driver->cuMemsetD8_v2(buffer.base + margin, 0, buffer.bytes) == 0;
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

double Device::getSeconds(void *from, void *to) const {
  float milliseconds = 0;
  driver->cuEventElapsedTime(&milliseconds, from, to);
  return static_cast<double>(milliseconds) * 1e-3;
}

void Device::enqueueReads() {
  uint64_t from = eviction.base + margin, bytes = eviction.bytes;
  void *parameters[] = {&from, &bytes};
  driver->cuLaunchKernel(reader, 2048, 1, 1, 256, 1, 1, 0, stream, parameters,
                         nullptr);
}

/// Evicting takes the device longer than enqueuing takes the host, so that the
/// call waits in the stream when its time begins.
Device::Cold Device::timeCold(const std::function<void()> &work) {
  driver->cuEventRecord(events[0], stream);
  enqueueReads();
  driver->cuEventRecord(events[1], stream);
  work();
  driver->cuEventRecord(events[2], stream);
  driver->cuEventSynchronize(events[2]);
  double reading = getSeconds(events[0], events[1]);
  return {getSeconds(events[1], events[2]),
          reading > 0 ? static_cast<double>(eviction.bytes) / reading : 0};
}

double Device::timeWarm(const std::function<void()> &work, int calls) {
  driver->cuEventRecord(events[0], stream);
  for (int n = 0; n < calls; ++n)
    work();
  driver->cuEventRecord(events[1], stream);
  driver->cuEventSynchronize(events[1]);
  return getSeconds(events[0], events[1]) / calls;
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

/// The driver's number of a function's attribute.
static constexpr int mostDynamicShared = 8;

void *Device::loadKernel(const std::string &code, const std::string &name,
                         size_t sharedBytes, std::string &problem) {
  void *module = nullptr, *kernel = nullptr;
  int error = driver->cuModuleLoadData(&module, code.data());
  if (error == 0)
    error = driver->cuModuleGetFunction(&kernel, module, name.c_str());
  if (error == 0)
    error = driver->cuFuncSetAttribute(kernel, mostDynamicShared,
                                       static_cast<int>(sharedBytes));
  if (error == 0)
    return kernel;
  problem =
      "the kernel '" + name + "' cannot be loaded, " + driver->explain(error);
  return nullptr;
}

bool Device::launch(void *kernel, unsigned blocks, unsigned threads,
                    size_t sharedBytes, std::vector<uint64_t> parameters) {
  std::vector<void *> addresses;
  for (uint64_t &parameter : parameters)
    addresses.push_back(&parameter);
  return driver->cuLaunchKernel(kernel, blocks, 1, 1, threads, 1, 1,
                                static_cast<unsigned>(sharedBytes), stream,
                                addresses.data(), nullptr) == 0;
}

//===----------------------------------------------------------------------===//
// Opening
//===----------------------------------------------------------------------===//

/// The driver's numbers of a device's attributes.
enum Attribute {
  kilohertz = 13,
  multiprocessors = 16,
  cacheBytes = 38,
  capabilityMajor = 75,
  capabilityMinor = 76
};

/// 0 when the driver does not tell.
int Device::getAttribute(int attribute, int device) const {
  int value = 0;
  driver->cuDeviceGetAttribute(&value, attribute, device);
  return value;
}

void Device::describe(int device) {
  int version = 0;
  driver->cuDriverGetVersion(&version);
  auto get = [&](Attribute attribute) {
    return std::to_string(getAttribute(attribute, device));
  };
  description = name + ", compute capability " + get(capabilityMajor) + "." +
                get(capabilityMinor) + ", " + get(multiprocessors) +
                " multiprocessors, " +
                std::to_string(getAttribute(kilohertz, device) / 1000) +
                " MHz, driver for CUDA " + std::to_string(version / 1000) +
                "." + std::to_string(version % 1000 / 10);
}

bool Device::loadReader(std::string &problem) {
  void *code = nullptr;
  for (int error : {driver->cuModuleLoadData(&code, readerCode),
                    driver->cuModuleGetFunction(&reader, code, "amos_read")})
    if (error != 0) {
      problem = "the kernel that empties the caches cannot be loaded, " +
                driver->explain(error);
      return false;
    }
  return true;
}

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
                    driver->cuEventCreate(&events[1], 0),
                    driver->cuEventCreate(&events[2], 0)})
    if (error != 0) {
      problem = "the first device cannot be used, " + driver->explain(error);
      return false;
    }
  name = text;
  cores = std::max(1, getAttribute(multiprocessors, device));
  describe(device);
  auto cache = static_cast<size_t>(getAttribute(cacheBytes, device));
  eviction = allocate(std::max(leastEviction, evictedCaches * cache));
  if (!eviction.isValid()) {
    problem = "not enough memory of the device";
    return false;
  }
  clear(eviction);
  return loadReader(problem);
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
