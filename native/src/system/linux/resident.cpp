#include "system/resident.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace ipc {

namespace {

const auto kPage = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));

}  // namespace

std::optional<std::uint64_t> resident_bytes(std::byte* base, std::uint64_t size) {
  std::vector<unsigned char> pages((size + kPage - 1) / kPage);
  if (mincore(base, size, pages.data()) != 0) return std::nullopt;
  // The lowest bit alone has a meaning, mincore(2).
  const auto resident = std::count_if(pages.begin(), pages.end(), [](unsigned char page) { return (page & 1) != 0; });
  return std::min(static_cast<std::uint64_t>(resident) * kPage, size);
}

std::optional<std::uint64_t> dirty_bytes(int fd, std::uint64_t size) {
  // Headers older than the call know neither its number nor its structures (include/uapi/linux/mman.h).
  constexpr long kCachestat = 451;
  struct {
    std::uint64_t offset;
    std::uint64_t length;
  } range{0, size};
  struct {
    std::uint64_t cached;
    std::uint64_t dirty;
    std::uint64_t writeback;
    std::uint64_t evicted;
    std::uint64_t recently_evicted;
  } pages{};
  if (syscall(kCachestat, fd, &range, &pages, 0U) != 0) return std::nullopt;
  return std::min(pages.dirty * kPage, size);
}

}  // namespace ipc
