#include "system/descriptor_limit.hpp"

#include <sys/resource.h>

#include "system/bound.hpp"

namespace ipc {

void allow_descriptors(std::uint64_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  if (limit.rlim_max < wanted) {
    Failure failure = over_bound({limit.rlim_max, "RLIMIT_NOFILE"}, 1, wanted, "the number of descriptors that these processes need,");
    failure.remedy = "Use fewer producers and consumers, or let an administrator raise the limit: " +
                     raising_command("RLIMIT_NOFILE", std::to_string(wanted)) + ".";
    failure.exit_code = kExitSystem;
    throw failure;
  }
  // Only as far as is needed: a higher limit makes programs slow that close all descriptors there may be.
  limit.rlim_cur = wanted;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace ipc
