/// Huge pages: one entry of the TLB for two megabytes, where the system gives them.
#pragma once

#include <cstddef>

namespace ipc {

/// Bytes of a huge page of the smallest kind, which is 2 MiB on x86-64, and on ARM64 with pages of 4 KiB.
inline constexpr std::size_t kHugePage = 2 << 20;

/// Address space for `bytes` that begins at the border of a huge page, to be mapped over (MAP_FIXED) and unmapped by the
/// caller; null when there is none.
std::byte* reserve_aligned(std::size_t bytes);

/// Has the kernel put the pages of a mapping together into huge ones at once (MADV_COLLAPSE, madvise(2), Linux 6.1), whatever
/// /sys/kernel/mm/transparent_hugepage says of giving them unasked. Answers 0, or the errno of the refusal.
int collapse_to_huge(std::byte* at, std::size_t bytes);

}  // namespace ipc
