#include "system/huge_pages.hpp"

#include <sys/mman.h>

#include <cerrno>

namespace ipc {

namespace {

#ifndef MADV_COLLAPSE
constexpr int MADV_COLLAPSE = 25;  // linux/mman.h, missing from older headers
#endif

}  // namespace

std::byte* reserve_aligned(std::size_t bytes) {
  // One huge page more, so that a border of one lies inside; what is before and behind goes back.
  void* const reserved = mmap(nullptr, bytes + kHugePage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED) return nullptr;
  auto* const first = static_cast<std::byte*>(reserved);
  const std::size_t before = (kHugePage - reinterpret_cast<std::size_t>(first) % kHugePage) % kHugePage;
  if (before != 0) munmap(first, before);
  munmap(first + before + bytes, kHugePage - before);
  return first + before;
}

int collapse_to_huge(std::byte* at, std::size_t bytes) {
  return madvise(at, bytes, MADV_COLLAPSE) == 0 ? 0 : errno;
}

}  // namespace ipc
