/// How many descriptors this process may have open.
#pragma once

#include <cstdint>

namespace ipc {

/// Sees to it that this process may open `wanted` descriptors: raises its own limit (RLIMIT_NOFILE, getrlimit(2)) as far as
/// an administrator lets it. Throws Failure limit_reached where that is not enough.
void allow_descriptors(std::uint64_t wanted);

}  // namespace ipc
