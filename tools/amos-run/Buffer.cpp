//===- Buffer.cpp - Memory that notices trespassers -----------------------===//

#include "Buffer.h"
#include <algorithm>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace amos::run {

static size_t roundUp(size_t bytes, size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

/// Addresses that agree modulo 4 KiB make loads wait for unrelated stores, as
/// no allocator's would all do; so each buffer starts elsewhere in its page.
static size_t stagger(size_t alignment) {
  static size_t next = 0;
  next = (next + 576) % 4096;
  return roundUp(next, std::max<size_t>(alignment, 64));
}

Buffer::Buffer(size_t bytes, size_t alignment, Placement placement)
    : bytes(bytes) {
  auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  size_t offset = 0;
  if (placement == Placement::Staggered)
    offset = stagger(alignment);
  size_t room = roundUp(std::max<size_t>(bytes + offset, 1), page);
  mapped = room + 2 * page;
  void *memory = mmap(nullptr, mapped, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    return;
  pages = static_cast<char *>(memory);
  if (mprotect(pages + page, room, PROT_READ | PROT_WRITE) != 0)
    return;
  if (placement == Placement::AtEnd)
    offset = (room - bytes) / alignment * alignment;
  data = pages + page + offset;
}

Buffer::Buffer(Buffer &&other) noexcept { *this = std::move(other); }

Buffer &Buffer::operator=(Buffer &&other) noexcept {
  std::swap(pages, other.pages);
  std::swap(mapped, other.mapped);
  std::swap(data, other.data);
  std::swap(bytes, other.bytes);
  return *this;
}

Buffer::~Buffer() {
  if (pages)
    munmap(pages, mapped);
}

} // namespace amos::run
