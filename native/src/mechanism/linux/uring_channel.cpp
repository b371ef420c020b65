#include "mechanism/linux/uring_channel.hpp"

#include <fstream>
#include <string>

#include "protocol/failure.hpp"

namespace ipc {

void refuse_without_uring(const Settings& settings) {
  if (!is_uring(settings)) return;
  const Uring ring(kMostRequests);
  if (ring.error() == 0) return;
  std::string disabled;
  std::ifstream("/proc/sys/kernel/io_uring_disabled") >> disabled;
  Failure failure{ErrorCode::not_supported,
                  "this system refuses io_uring_setup; /proc/sys/kernel/io_uring_disabled is " +
                      (disabled.empty() ? std::string("missing") : disabled),
                  "Use --variant tuned. An administrator allows it with sysctl -w kernel.io_uring_disabled=0; in a container "
                  "its seccomp profile has to allow it too."};
  failure.where = "--variant";
  failure.value = "uring";
  failure.errno_name = errno_name(ring.error());
  throw failure;
}

}  // namespace ipc
