/// Limits of the system, and how an administrator raises them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/failure.hpp"

namespace ipc {

/// The greatest value that something takes here, and which limit that is: a file such as /proc/sys/kernel/msgmax,
/// RLIMIT_MSGQUEUE, or the name of a constant of the kernel.
struct Bound {
  std::uint64_t value;
  std::string limit;
};

/// The command that raises a limit to `wanted`, a number or what stands for one; empty for one that no setting raises.
std::string raising_command(std::string_view limit, std::string_view wanted);

/// `/proc/sys/kernel/msgmax allows 8192 (raised by sysctl -w kernel.msgmax=N)`.
std::string bound_text(const Bound& bound);

/// The refusal of a wish above a limit: `limit_reached`, `where` being the limit. `what` names the wish in the message.
Failure over_bound(const Bound& bound, std::uint64_t least, std::uint64_t wanted, std::string_view what);

/// The refusal of a file, or of memory that counts as one, which RLIMIT_FSIZE does not allow (EFBIG).
Failure over_file_size(std::uint64_t bytes);

}  // namespace ipc
