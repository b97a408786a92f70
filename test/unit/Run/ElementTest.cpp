//===- ElementTest.cpp - Every number of the small formats ----------------===//

#include "amos-run/Element.h"
#include <catch2/catch.hpp>
#include <cmath>

using amos::run::Element;
using amos::run::findElement;

static double load(const Element &element, uint64_t bits) {
  return element.load(&bits);
}

static uint64_t store(const Element &element, double value) {
  uint64_t bits = 0;
  element.store(&bits, value);
  return bits;
}

TEST_CASE("every finite number of a small format survives") {
  for (const char *name : {"f16", "bf16", "f8E4M3FN", "f8E5M2"}) {
    const Element &element = *findElement(name);
    INFO(name);
    for (uint64_t bits = 0; bits >> (8 * element.bytes) == 0; ++bits) {
      double value = load(element, bits);
      if (std::isfinite(value) && store(element, value) != bits)
        FAIL("bits " << bits << " became " << store(element, value));
    }
  }
}

TEST_CASE("numbers have the values their formats give them") {
  CHECK(load(*findElement("f16"), 0x3c00) == 1.0);
  CHECK(load(*findElement("f16"), 0x0001) == std::ldexp(1.0, -24));
  CHECK(load(*findElement("f16"), 0x7bff) == 65504.0);
  CHECK(std::isinf(load(*findElement("f16"), 0xfc00)));
  CHECK(load(*findElement("bf16"), 0xbf80) == -1.0);
  CHECK(std::isnan(load(*findElement("bf16"), 0x7fc0)));
  CHECK(load(*findElement("f8E4M3FN"), 0x7e) == 448.0);
  CHECK(std::isnan(load(*findElement("f8E4M3FN"), 0x7f)));
  CHECK(load(*findElement("f8E5M2"), 0x7b) == 57344.0);
  CHECK(load(*findElement("i8"), 0x80) == -128.0);
  CHECK(load(*findElement("u8"), 0x80) == 128.0);
}

TEST_CASE("halfway between two numbers the even one is stored") {
  const Element &f16 = *findElement("f16");
  CHECK(store(f16, 1.0 + std::ldexp(1.0, -11)) == 0x3c00);
  CHECK(store(f16, 1.0 + 3 * std::ldexp(1.0, -11)) == 0x3c02);
  CHECK(store(f16, 2.0 - std::ldexp(1.0, -11)) == 0x4000);
  CHECK(store(f16, std::ldexp(1.0, -25)) == 0);
}

TEST_CASE("absolute values stay in the type") {
  auto makeAbsolute = [](const char *name, uint64_t bits) {
    findElement(name)->makeAbsolute(&bits);
    return bits;
  };
  CHECK(makeAbsolute("i8", 0x80) == 0x7f);
  CHECK(makeAbsolute("i8", 0xff) == 0x01);
  CHECK(makeAbsolute("u8", 0xff) == 0xff);
  CHECK(makeAbsolute("bf16", 0xbf80) == 0x3f80);
}
