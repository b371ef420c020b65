/// Facts of the machine that `describe` tells.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ipc {

struct SystemFacts {
  std::string os;
  std::string release;
  std::string arch;
  std::uint64_t page_bytes;
};

SystemFacts system_facts();

/// Limits by name with unit; what the system does not tell is left out.
std::vector<std::pair<std::string, std::uint64_t>> system_limits();

/// A number from a file such as those in /proc/sys; 0 when there is none.
std::uint64_t number_in_file(const char* path);

/// How this machine saves power, in words: idle driver and frequency governor; empty where the system does not tell, as in
/// most virtual machines, where the host decides.
std::string power_saving();

/// Clock ticks that a hypervisor has taken from this machine's CPUs since it started (proc_stat(5), steal).
std::uint64_t stolen_ticks();

/// Clock ticks a second and CPU, for `stolen_ticks`.
std::uint64_t ticks_per_second();

}  // namespace ipc
