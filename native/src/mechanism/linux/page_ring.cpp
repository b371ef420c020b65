#include "mechanism/linux/page_ring.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "system/huge_pages.hpp"

namespace ipc {

namespace {

std::size_t page_bytes() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

std::size_t round_up(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

std::size_t pages_of(std::size_t bytes) { return (bytes + page_bytes() - 1) / page_bytes(); }

PageRing::PageRing(std::size_t bytes, std::size_t count)
    : stride_(pages_of(bytes) * page_bytes()), count_(count), mapped_(round_up(stride_ * count, kHugePage)) {
  std::byte* const place = reserve_aligned(mapped_);
  if (place == nullptr) return;
  if (mmap(place, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
    munmap(place, mapped_);
    return;
  }
  memory_ = place;
  // Only a hint: with small pages it works as well, at a higher price for each page that is handed over.
  madvise(memory_, mapped_, MADV_HUGEPAGE);
  std::memset(memory_, 1, mapped_);
}

PageRing::~PageRing() {
  if (memory_ != nullptr) munmap(memory_, mapped_);
}

}  // namespace ipc
