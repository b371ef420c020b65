#include "system/cpus.hpp"

#include <sched.h>

#include <cerrno>
#include <set>

#include "options/parse.hpp"

namespace ipc {

std::vector<unsigned> allowed_cpus() {
  // A mask for more CPUs than cpu_set_t's 1024 is refused with EINVAL; nobody with such a machine needs the list here.
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<unsigned> cpus;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
    }
  }
  if (cpus.empty()) cpus.push_back(0);
  return cpus;
}

int placed_cpu(std::string_view placement, unsigned ordinal) {
  if (placement == "free") return -1;
  const std::vector<unsigned> cpus = allowed_cpus();
  if (placement == "same") return static_cast<int>(cpus.front());
  if (placement == "apart") return static_cast<int>(cpus[ordinal % cpus.size()]);
  const std::vector<unsigned> wanted = cpu_list(placement);
  return wanted.empty() ? -1 : static_cast<int>(wanted[ordinal % wanted.size()]);
}

CpuSharing cpu_sharing(std::string_view placement, unsigned processes) {
  if (allowed_cpus().size() == 1) return CpuSharing::one;
  std::set<int> used;
  for (unsigned i = 0; i < processes; ++i) used.insert(placed_cpu(placement, i));
  if (*used.begin() < 0) return CpuSharing::some;
  if (used.size() == 1) return CpuSharing::one;
  return used.size() == processes ? CpuSharing::none : CpuSharing::some;
}

int pin_to(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(cpu), &set);
  return sched_setaffinity(0, sizeof set, &set) == 0 ? 0 : errno;
}

}  // namespace ipc
