/// CPUs: which ones we may use, and pinning to one.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace ipc {

/// The CPUs this process may run on, ascending; at least one.
std::vector<unsigned> allowed_cpus();

/// The CPU for the process with this ordinal (producers first, then consumers) under a placement, or -1 for any.
int placed_cpu(std::string_view placement, unsigned ordinal);

/// Whether the processes of a session share CPUs: all of them one, so that spinning would starve the other; as the
/// scheduler pleases; or none.
enum class CpuSharing : std::uint32_t { one, some, none };

CpuSharing cpu_sharing(std::string_view placement, unsigned processes);

/// Pins the calling process. Answers 0 or errno.
int pin_to(int cpu);

}  // namespace ipc
