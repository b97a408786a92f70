//===- Ceiling.cpp - What this core can do at most ------------------------===//

#include "Ceiling.h"
#include "Timing.h"
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <unistd.h>

namespace amos::run {

//===----------------------------------------------------------------------===//
// Multiply-adds
//===----------------------------------------------------------------------===//

/// Instructions that one call of `issue` issues.
static constexpr double issued = 16 * 1000;

#if defined(__x86_64__)
// The instructions are spelled out, so that no compiler stands between the
// number and the unit; sixteen accumulators hide any latency known.
// clang-format off: it moves this a little with each run
#define ON_ALL(ONE)                                                            \
  ONE("0") ONE("1") ONE("2") ONE("3") ONE("4") ONE("5") ONE("6") ONE("7")      \
  ONE("8") ONE("9") ONE("10") ONE("11") ONE("12") ONE("13") ONE("14") ONE("15")
// clang-format on
#define REGISTERS                                                              \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",      \
      "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"
#define ISSUE(NAME, START, INSTRUCTIONS)                                       \
  static void NAME() {                                                         \
    __asm__ volatile(START : : : REGISTERS);                                   \
    for (int n = 0; n < 1000; ++n)                                             \
      __asm__ volatile(INSTRUCTIONS : : : REGISTERS);                          \
  }
#define CLEAR_512 "vpxord %%zmm16, %%zmm16, %%zmm16\n"
#define CLEAR_256 "vxorps %%ymm15, %%ymm15, %%ymm15\n"
#define DOT_I8(N) "vpdpbusd %%zmm16, %%zmm16, %%zmm" N "\n"
#define DOT_I16(N) "vpdpwssd %%zmm16, %%zmm16, %%zmm" N "\n"
#define DOT_BF16(N) "vdpbf16ps %%zmm16, %%zmm16, %%zmm" N "\n"
#define FMA_F32(N) "vfmadd231ps %%zmm16, %%zmm16, %%zmm" N "\n"
#define FMA_F64(N) "vfmadd231pd %%zmm16, %%zmm16, %%zmm" N "\n"
#define FMA_F32_256(N) "vfmadd231ps %%ymm15, %%ymm15, %%ymm" N "\n"

ISSUE(issueI8, CLEAR_512, ON_ALL(DOT_I8))
ISSUE(issueI16, CLEAR_512, ON_ALL(DOT_I16))
ISSUE(issueBf16, CLEAR_512, ON_ALL(DOT_BF16))
ISSUE(issueF32, CLEAR_512, ON_ALL(FMA_F32))
ISSUE(issueF64, CLEAR_512, ON_ALL(FMA_F64))
ISSUE(issueNarrowF32, CLEAR_256, ON_ALL(FMA_F32_256))

MultiplyAdds::MultiplyAdds(const std::string &dtype) {
  auto use = [&](const char *name, double count, void (*function)()) {
    instruction = name;
    operations = count;
    issue = function;
  };
  bool isByte = dtype == "i8" || dtype == "u8";
  bool isShort = dtype == "i16" || dtype == "u16";
  if (isByte && __builtin_cpu_supports("avx512vnni"))
    use("vpdpbusd zmm", 128, issueI8);
  else if (isShort && __builtin_cpu_supports("avx512vnni"))
    use("vpdpwssd zmm", 64, issueI16);
  else if (dtype == "bf16" && __builtin_cpu_supports("avx512bf16"))
    use("vdpbf16ps zmm", 64, issueBf16);
  else if (dtype == "f64" && __builtin_cpu_supports("avx512f"))
    use("vfmadd231pd zmm", 16, issueF64);
  else if (dtype == "f32" && __builtin_cpu_supports("avx512f"))
    use("vfmadd231ps zmm", 32, issueF32);
  else if (dtype == "f32" && __builtin_cpu_supports("fma"))
    use("vfmadd231ps ymm", 16, issueNarrowF32);
}
#else
MultiplyAdds::MultiplyAdds(const std::string &) {}
#endif

double MultiplyAdds::burst(double seconds) const {
  if (!issue)
    return 0;
  double start = now(), elapsed = 0, calls = 0;
  for (; elapsed < seconds; elapsed = now() - start, ++calls)
    issue();
  return calls * issued * operations / elapsed;
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

static constexpr size_t leastBytes = size_t(64) << 20;
static constexpr size_t mostBytes = size_t(256) << 20;
static constexpr size_t partBytes = size_t(8) << 20;

/// Twice the last level, within what a small machine can spare.
static size_t chooseSize() {
  long cache = sysconf(_SC_LEVEL3_CACHE_SIZE);
  size_t wanted = cache > 0 ? 2 * static_cast<size_t>(cache) : 0;
  return std::clamp(wanted, leastBytes, mostBytes) / (2 * partBytes) *
         (2 * partBytes);
}

Memory::Memory() : buffer(chooseSize(), 64, Placement::Staggered) {
  if (buffer.isValid()) // pages that nobody wrote are all the same one
    std::memset(buffer.get(), 1, buffer.size());
}

static uint64_t readAll(const char *data, size_t bytes) {
  uint64_t sums[8] = {};
  for (size_t n = 0; n + 64 <= bytes; n += 64)
    for (size_t lane = 0; lane < 8; ++lane) {
      uint64_t word;
      std::memcpy(&word, data + n + 8 * lane, sizeof word);
      sums[lane] += word;
    }
  uint64_t sum = 0;
  for (uint64_t part : sums)
    sum += part;
  return sum;
}

/// Keeps what was read alive without storing it.
static void consume(uint64_t value) { __asm__ volatile("" : : "r"(value)); }

void Memory::advance() { next = (next + buffer.size() / 2) % buffer.size(); }

double Memory::burst() {
  const char *part = static_cast<const char *>(buffer.get()) + next;
  next = (next + partBytes) % buffer.size();
  double start = now();
  consume(readAll(part, partBytes));
  return static_cast<double>(partBytes) / (now() - start);
}

void Memory::evictCaches() {
  consume(readAll(static_cast<const char *>(buffer.get()), buffer.size()));
}

} // namespace amos::run
