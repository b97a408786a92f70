/* The rate of this core's widest multiply-adds, for the runs beside it.
 *
 * ceiling TYPE [SECONDS]: prints operations (two a multiply-add) per second, in
 * 10^9. The instructions are spelled out, so that no compiler stands between
 * the number and the unit; sixteen accumulators hide any latency known.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { accumulators = 16, rounds = 20000 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

// clang-format off: it moves this a little with each run
#define ON_ALL(ONE)                                                            \
  ONE("0") ONE("1") ONE("2") ONE("3") ONE("4") ONE("5") ONE("6") ONE("7")      \
  ONE("8") ONE("9") ONE("10") ONE("11") ONE("12") ONE("13") ONE("14") ONE("15")
// clang-format on
#define I8_512(N) "vpdpbusd %%zmm16, %%zmm17, %%zmm" N "\n"
#define BF16_512(N) "vdpbf16ps %%zmm16, %%zmm17, %%zmm" N "\n"
#define F32_512(N) "vfmadd231ps %%zmm16, %%zmm17, %%zmm" N "\n"
#define F32_256(N) "vfmadd231ps %%ymm14, %%ymm15, %%ymm" N "\n"
#define REGISTERS                                                              \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",      \
      "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"

/* Defines NAME(seconds): issues all accumulators' instructions for so long. */
#define BURST(NAME, INSTRUCTIONS, OPERATIONS)                                  \
  static double NAME(double seconds) {                                         \
    double start = now(), elapsed = 0;                                         \
    long count = 0;                                                            \
    for (; elapsed < seconds; elapsed = now() - start)                         \
      for (int r = 0; r < rounds; ++r, ++count)                                \
        __asm__ volatile(INSTRUCTIONS : : : REGISTERS);                        \
    return count * (double)accumulators * OPERATIONS / elapsed * 1e-9;         \
  }

BURST(measureI8, ON_ALL(I8_512), 128)
BURST(measureBf16, ON_ALL(BF16_512), 64)
BURST(measureF32, ON_ALL(F32_512), 32)
BURST(measureNarrowF32, ON_ALL(F32_256), 16)

int main(int argc, char **argv) {
  const char *type = argc > 1 ? argv[1] : "";
  double seconds = argc > 2 ? atof(argv[2]) : 0.2;
  double rate;
  if (!strcmp(type, "i8") && __builtin_cpu_supports("avx512vnni"))
    rate = measureI8(seconds);
  else if (!strcmp(type, "bf16") && __builtin_cpu_supports("avx512bf16"))
    rate = measureBf16(seconds);
  else if (!strcmp(type, "f32") && __builtin_cpu_supports("avx512f"))
    rate = measureF32(seconds);
  else if (!strcmp(type, "f32") && __builtin_cpu_supports("fma"))
    rate = measureNarrowF32(seconds);
  else {
    fprintf(stderr, "ceiling: no unit for '%s' known on this CPU\n", type);
    return 5;
  }
  printf("%.1f\n", rate);
  return 0;
}
