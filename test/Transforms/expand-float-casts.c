/* Every byte as a float, and some f32 without their last bits, beside what the formats
 * are defined to be.
 *
 * RUN: split-file %s %t
 * RUN: amosc %t/casts.mlir --target=generic --fallback=allow -o %t/casts.o
 * RUN: clang -Wall -Werror -I%t %t/main.c %t/casts.o -lm -o %t/main
 * RUN: %t/main
 */
//--- casts.mlir
func.func @e4m3(%x: tensor<256xf8E4M3FN>) -> tensor<256xf32> {
  %e = tensor.empty() : tensor<256xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : tensor<256xf8E4M3FN>) outs(%e : tensor<256xf32>) {
  ^bb0(%a: f8E4M3FN, %o: f32):
    %b = arith.extf %a : f8E4M3FN to f32
    linalg.yield %b : f32
  } -> tensor<256xf32>
  return %r : tensor<256xf32>
}
func.func @e5m2(%x: tensor<256xf8E5M2>) -> tensor<256xf32> {
  %e = tensor.empty() : tensor<256xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : tensor<256xf8E5M2>) outs(%e : tensor<256xf32>) {
  ^bb0(%a: f8E5M2, %o: f32):
    %b = arith.extf %a : f8E5M2 to f32
    linalg.yield %b : f32
  } -> tensor<256xf32>
  return %r : tensor<256xf32>
}
func.func @cut(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %b = arith.truncf %a toward_zero : f32 to tf32
    %c = arith.extf %b : tf32 to f32
    linalg.yield %c : f32
  } -> tensor<4xf32>
  return %r : tensor<4xf32>
}
//--- main.c
#include "casts.h"
#include <math.h>
#include <stdio.h>

/* Sign, `fraction` bits below the exponent, and what its largest value means. */
static double decode(int byte, int fraction, int bias, int hasInfinity) {
  int exponent = (byte & 0x7f) >> fraction, rest = byte & ((1 << fraction) - 1);
  int most = (0x7f >> fraction), one = 1 << fraction;
  double sign = byte & 0x80 ? -1 : 1;
  if (exponent == most && hasInfinity)
    return rest ? NAN : sign * INFINITY;
  if (exponent == most && rest == one - 1)
    return NAN;
  if (exponent == 0)
    return sign * ldexp(rest, 1 - bias - fraction);
  return sign * ldexp(one + rest, exponent - bias - fraction);
}

static int compare(const char *name, int n, double actual, double expected) {
  if (actual == expected || (isnan(actual) && isnan(expected)))
    return 0;
  printf("%s(%d) is %g, not %g\n", name, n, actual, expected);
  return 1;
}

int main(void) {
  uint8_t bytes[256];
  float narrow[256], wide[256];
  int wrong = 0, n;
  for (n = 0; n < 256; ++n)
    bytes[n] = (uint8_t)n;
  if (e4m3(bytes, narrow, NULL) || e5m2(bytes, wide, NULL))
    return 1;
  for (n = 0; n < 256; ++n) {
    wrong += compare("e4m3", n, narrow[n], decode(n, 3, 7, 0));
    wrong += compare("e5m2", n, wide[n], decode(n, 2, 15, 1));
  }
  float given[4] = {1.0f + 0x1p-10f, 1.0f + 0x1.fp-11f, -3.0f - 0x1p-12f, 0x1.fffffep10f};
  float kept[4] = {1.0f + 0x1p-10f, 1.0f, -3.0f, 0x1.ffcp10f}, cutOff[4];
  if (cut(given, cutOff, NULL))
    return 1;
  for (n = 0; n < 4; ++n)
    wrong += compare("cut", n, cutOff[n], kept[n]);
  return wrong != 0;
}
