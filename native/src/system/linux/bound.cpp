#include "system/bound.hpp"

#include <algorithm>

namespace ipc {

std::string raising_command(std::string_view limit, std::string_view wanted) {
  constexpr std::string_view kSysctls = "/proc/sys/";
  if (limit.starts_with(kSysctls)) {
    std::string name(limit.substr(kSysctls.size()));
    std::replace(name.begin(), name.end(), '/', '.');
    return "sysctl -w " + name + "=" + std::string(wanted);
  }
  // The shell's own unit for this one is the byte, bash(1).
  if (limit == "RLIMIT_MSGQUEUE") return "ulimit -q " + std::string(wanted);
  if (limit == "RLIMIT_SIGPENDING") return "ulimit -i " + std::string(wanted);
  return {};
}

std::string bound_text(const Bound& bound) {
  const std::string command = raising_command(bound.limit, "N");
  return bound.limit + " allows " + std::to_string(bound.value) + " (" +
         (command.empty() ? "no setting raises it" : "raised by " + command) + ")";
}

Failure over_bound(const Bound& bound, std::uint64_t least, std::uint64_t wanted, std::string_view what) {
  const std::string allowed = std::to_string(least) + ".." + std::to_string(bound.value);
  const std::string command = raising_command(bound.limit, std::to_string(wanted));
  Failure failure{ErrorCode::limit_reached,
                  std::string(what) + " " + std::to_string(wanted) + " is above " + bound.limit + ", which is " +
                      std::to_string(bound.value),
                  "Stay within " + allowed + ", or let an administrator raise the limit: " + command + "."};
  if (command.empty()) failure.remedy = "Stay within " + allowed + "; no setting raises this limit.";
  failure.where = bound.limit;
  failure.value = std::to_string(wanted);
  failure.allowed = allowed;
  return failure;
}

}  // namespace ipc
