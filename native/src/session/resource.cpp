#include "session/resource.hpp"

#include "protocol/failure.hpp"

namespace ipc {

std::uint64_t Resource::set_capacity(std::uint64_t, const std::vector<Child>&) {
  throw Failure{ErrorCode::not_supported, "the capacity of this mechanism is fixed once it runs",
                "Start a new session with --capacity."};
}

}  // namespace ipc
