//===- Buffer.h - Memory that notices trespassers ---------------*- C++ -*-===//
#ifndef AMOS_RUN_BUFFER_H
#define AMOS_RUN_BUFFER_H

#include <cstddef>

namespace amos::run {

/// Where a buffer lies in its pages.
enum class Placement {
  Staggered, ///< as an allocator would put it, buffers not a page apart
  AtEnd,     ///< the byte behind the last one faults
  AtStart    ///< the byte before the first one faults
};

/// Zeroed memory between two pages that may not be touched.
class Buffer {
public:
  Buffer() = default;
  /// `alignment` is a power of two. Staggered buffers are aligned to it or to
  /// 64 bytes. `isValid` tells whether there was memory.
  Buffer(size_t bytes, size_t alignment, Placement placement);
  Buffer(Buffer &&other) noexcept;
  Buffer &operator=(Buffer &&other) noexcept;
  ~Buffer();

  bool isValid() const { return data; }
  void *get() const { return data; }
  size_t size() const { return bytes; }

private:
  char *pages = nullptr;
  size_t mapped = 0;
  char *data = nullptr;
  size_t bytes = 0;
};

} // namespace amos::run

#endif // AMOS_RUN_BUFFER_H
