#include "system/bound.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <charconv>

namespace ipc {

namespace {

/// So many bytes in blocks of 1,024, rounded up; what is no number stays.
std::string in_blocks(std::string_view bytes) {
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(bytes.data(), bytes.data() + bytes.size(), number);
  return parsed.ec == std::errc{} ? std::to_string((number + 1023) / 1024) : std::string(bytes);
}

}  // namespace

std::string raising_command(std::string_view limit, std::string_view wanted) {
  constexpr std::string_view kSysctls = "/proc/sys/";
  if (limit.starts_with(kSysctls)) {
    std::string name(limit.substr(kSysctls.size()));
    std::replace(name.begin(), name.end(), '/', '.');
    return "sysctl -w " + name + "=" + std::string(wanted);
  }
  // The units are those of bash(1): bytes, blocks of 1,024 bytes, files.
  if (limit == "RLIMIT_MSGQUEUE") return "ulimit -q " + std::string(wanted);
  if (limit == "RLIMIT_FSIZE") return "ulimit -f " + in_blocks(wanted);
  if (limit == "RLIMIT_NOFILE") return "ulimit -n " + std::string(wanted);
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

Failure over_file_size(std::uint64_t bytes) {
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  Failure failure = over_bound({limit.rlim_cur, "RLIMIT_FSIZE"}, 0, bytes, "the size in bytes of a file or of shared memory,");
  failure.errno_name = "EFBIG";
  failure.exit_code = kExitSystem;
  return failure;
}

}  // namespace ipc
