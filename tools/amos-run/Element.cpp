//===- Element.cpp - Element types of buffers, without LLVM ---------------===//

#include "Element.h"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace amos::run {

static const Element elements[] = {
    {"f64", Element::Float, 8, 11, 52, true},
    {"f32", Element::Float, 4, 8, 23, true},
    {"f16", Element::Float, 2, 5, 10, true},
    {"bf16", Element::Float, 2, 8, 7, true},
    {"f8E4M3FN", Element::Float, 1, 4, 3, false},
    {"f8E5M2", Element::Float, 1, 5, 2, true},
    {"i1", Element::Boolean, 1, 0, 0, false},
    {"i8", Element::Signed, 1, 0, 0, false},
    {"i16", Element::Signed, 2, 0, 0, false},
    {"i32", Element::Signed, 4, 0, 0, false},
    {"i64", Element::Signed, 8, 0, 0, false},
    {"u8", Element::Unsigned, 1, 0, 0, false},
    {"u16", Element::Unsigned, 2, 0, 0, false},
    {"u32", Element::Unsigned, 4, 0, 0, false},
    {"u64", Element::Unsigned, 8, 0, 0, false},
};

const Element *findElement(const std::string &name) {
  for (const Element &element : elements)
    if (name == element.name)
      return &element;
  return nullptr;
}

static uint64_t loadBits(const void *source, size_t bytes) {
  uint64_t bits = 0;
  std::memcpy(&bits, source, bytes);
  return bits;
}

static int64_t extendSign(uint64_t bits, size_t bytes) {
  int shift = 64 - 8 * static_cast<int>(bytes);
  return static_cast<int64_t>(bits << shift) >> shift;
}

//===----------------------------------------------------------------------===//
// Floats of any format
//===----------------------------------------------------------------------===//

static int getBias(const Element &element) {
  return (1 << (element.exponentBits - 1)) - 1;
}

static double decode(const Element &element, uint64_t bits) {
  uint64_t fraction = bits & ((uint64_t(1) << element.fractionBits) - 1);
  int allOnes = (1 << element.exponentBits) - 1;
  int exponent = static_cast<int>(bits >> element.fractionBits) & allOnes;
  bool isNegative = bits >> (element.exponentBits + element.fractionBits) & 1;
  double magnitude;
  bool isLastFraction = fraction + 1 == uint64_t(1) << element.fractionBits;
  if (exponent == allOnes && (element.hasInfinity || isLastFraction))
    magnitude = element.hasInfinity && fraction == 0
                    ? std::numeric_limits<double>::infinity()
                    : std::numeric_limits<double>::quiet_NaN();
  else if (exponent == 0)
    magnitude = std::ldexp(static_cast<double>(fraction),
                           1 - getBias(element) - element.fractionBits);
  else
    magnitude = std::ldexp(
        static_cast<double>(fraction | uint64_t(1) << element.fractionBits),
        exponent - getBias(element) - element.fractionBits);
  return isNegative ? -magnitude : magnitude;
}

/// Of finite values within the range of the format, which is all that inputs
/// need.
static uint64_t encode(const Element &element, double value) {
  int least = 1 - getBias(element);
  double magnitude = std::fabs(value);
  int exponent =
      magnitude == 0 ? least : std::max(std::ilogb(magnitude), least);
  // In units of the last place; rounding up to the next power of two carries
  // into the exponent by itself.
  auto units = static_cast<uint64_t>(
      std::nearbyint(std::ldexp(magnitude, element.fractionBits - exponent)));
  uint64_t bits = units;
  if (units >> element.fractionBits)
    bits += static_cast<uint64_t>(exponent - least) << element.fractionBits;
  uint64_t sign = std::signbit(value) ? 1 : 0;
  return bits | sign << (element.exponentBits + element.fractionBits);
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

template <typename T>
static T loadAs(const void *source) {
  T value;
  std::memcpy(&value, source, sizeof value);
  return value;
}

double Element::load(const void *source) const {
  if (kind == Float && bytes == 8)
    return loadAs<double>(source);
  if (kind == Float && bytes == 4)
    return loadAs<float>(source);
  uint64_t bits = loadBits(source, bytes);
  if (kind == Float)
    return decode(*this, bits);
  if (kind == Signed)
    return static_cast<double>(extendSign(bits, bytes));
  return static_cast<double>(bits);
}

void Element::store(void *target, double value) const {
  if (bytes == 8) {
    std::memcpy(target, &value, 8);
  } else if (bytes == 4) {
    auto narrow = static_cast<float>(value);
    std::memcpy(target, &narrow, 4);
  } else {
    uint64_t bits = encode(*this, value);
    std::memcpy(target, &bits, bytes);
  }
}

void Element::storeRandom(void *target, std::mt19937_64 &random) const {
  uint64_t bits = random();
  if (kind == Float)
    return store(target, std::ldexp(static_cast<double>(bits >> 11), -52) - 1);
  if (kind == Boolean)
    bits &= 1;
  std::memcpy(target, &bits, bytes);
}

void Element::storeBelow(void *target, uint64_t bound,
                         std::mt19937_64 &random) const {
  uint64_t half = uint64_t(1) << (8 * bytes - 1);
  uint64_t most = kind == Unsigned ? half - 1 + half : half - 1;
  uint64_t value = random() % std::min(bound, most);
  std::memcpy(target, &value, bytes);
}

void Element::makeAbsolute(void *element) const {
  uint64_t bits = loadBits(element, bytes);
  uint64_t signBit = uint64_t(1) << (8 * bytes - 1);
  if (kind == Boolean || kind == Unsigned || !(bits & signBit))
    return;
  if (kind == Float)
    bits &= ~signBit;
  else
    bits = bits == signBit ? signBit - 1 : ~bits + 1;
  std::memcpy(element, &bits, bytes);
}

} // namespace amos::run
