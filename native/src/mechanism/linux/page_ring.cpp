#include "mechanism/linux/page_ring.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

namespace ipc {

namespace {

constexpr std::size_t kHugePage = 2 << 20;

std::size_t page_bytes() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

std::size_t round_up(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

std::size_t pages_of(std::size_t bytes) { return (bytes + page_bytes() - 1) / page_bytes(); }

PageRing::PageRing(std::size_t bytes, std::size_t count)
    : stride_(pages_of(bytes) * page_bytes()), count_(count), mapped_(round_up(stride_ * count, kHugePage)) {
  // One huge page more, so that a border of one lies inside; what is before and behind goes back.
  void* const address =
      mmap(nullptr, mapped_ + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) return;
  auto* const first = static_cast<std::byte*>(address);
  const std::size_t before = round_up(reinterpret_cast<std::size_t>(first), kHugePage) - reinterpret_cast<std::size_t>(first);
  if (before != 0) munmap(first, before);
  if (before != kHugePage) munmap(first + before + mapped_, kHugePage - before);
  memory_ = first + before;
  // Only a hint: with small pages it works as well, at a higher price for each page that is handed over.
  madvise(memory_, mapped_, MADV_HUGEPAGE);
  std::memset(memory_, 1, mapped_);
}

PageRing::~PageRing() {
  if (memory_ != nullptr) munmap(memory_, mapped_);
}

}  // namespace ipc
