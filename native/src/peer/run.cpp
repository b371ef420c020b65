#include "catalogue/catalogue.hpp"
#include "peer/context.hpp"
#include "protocol/failure.hpp"
#include "system/cpus.hpp"
#include "system/process.hpp"

namespace ipc {

int run_peer(Role role, unsigned index, int page_fd) {
  PageMapping page(page_fd);
  const auto producers = static_cast<unsigned>(page->settings.producers);
  const unsigned ordinal = role == Role::producer ? index : producers + index;
  if (ordinal >= page->settings.processes()) return kExitUsage;
  PeerContext context(*page, role, index, ordinal);
  if (!tie_to_parent(static_cast<int>(page->supervisor_pid))) return kExitFailed;
  sharpen_timers();
  name_process(std::string("ipc-") + name_of(role) + "-" + std::to_string(index));
  if (page->cpus[ordinal] >= 0) {
    const int error = pin_to(page->cpus[ordinal]);
    if (error != 0) return context.end(context.failed("sched_setaffinity", error));
  }
  return mechanism_row(page->settings.mechanism.view()).peer(context);
}

}  // namespace ipc
