//===- TransposedSide.h - Blocks that copies transpose ----------*- C++ -*-===//
#ifndef AMOS_MAPPING_TRANSPOSEDSIDE_H
#define AMOS_MAPPING_TRANSPOSEDSIDE_H

#include <cstdint>

namespace amos {

/// Rows and columns of the blocks in which a copy of elements of so many bits
/// makes another dimension the last one: vectors that unpacking instructions
/// take.
constexpr int64_t getTransposedSide(int64_t bits) { return bits == 8 ? 16 : 8; }

} // namespace amos

#endif // AMOS_MAPPING_TRANSPOSEDSIDE_H
