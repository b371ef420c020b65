/// What of a mapped file lies in memory, and what of it the disk does not have yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace ipc {

/// Bytes of a mapping whose pages are in memory, whoever brought them there (mincore(2)); empty when the system does not
/// tell. `base` at a page's start. Looks at every page: about 20 us a MiB.
std::optional<std::uint64_t> resident_bytes(std::byte* base, std::uint64_t size);

/// Bytes of an open file that are written and not yet on their way to the disk (cachestat(2), Linux 6.5); empty where the
/// system does not tell. Nought on a file system that lives in memory.
std::optional<std::uint64_t> dirty_bytes(int fd, std::uint64_t size);

}  // namespace ipc
