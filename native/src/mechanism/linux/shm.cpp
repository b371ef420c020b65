/// POSIX shared memory (shm_overview(7)): a ring in a segment that both processes map, or a bare slot without order.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/ring_memory.hpp"
#include "ownership/names.hpp"

namespace ipc {

namespace {

constexpr RingBacking kSegment = {
    "shared_memory",
    CallName::shm_open,
    "shm_open",
    [] { return std::string("/dev/shm"); },
    [](const char* name) { return shm_open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600); },
    [](const char* name) { return shm_open(name, O_RDWR | O_CLOEXEC, 0); },
    [](const char* name) { return shm_unlink(name); },
};

}  // namespace

MechanismRow shm_mechanism() {
  return {
      "shm",
      "shared_memory",
      {"plain", "tuned"},
      {"stream", "pingpong", "fan_in", "fan_out", "many_to_many"},
      ring_options,
      resolve_ring,
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<RingResource>(settings, page, kSegment, "/" + object_name(getpid(), "shm-0"));
      },
      [](PeerContext& context) { return ring_peer(context, kSegment); },
  };
}

}  // namespace ipc
