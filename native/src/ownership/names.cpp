#include "ownership/names.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdlib>

namespace ipc {

namespace {

constexpr std::string_view kPrefix = "ipc-scope-";

}  // namespace

std::string object_name(int owner_pid, std::string_view what) {
  return std::string(kPrefix) + std::to_string(owner_pid) + "-" + std::string(what);
}

std::optional<int> owner_of(std::string_view name) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  int pid = 0;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
  const bool whole = parsed.ec == std::errc{} && parsed.ptr != name.data() + name.size() && *parsed.ptr == '-';
  if (!whole || pid <= 0) return std::nullopt;
  return pid;
}

std::string run_folder() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  if (runtime != nullptr && runtime[0] == '/') return std::string(runtime) + "/ipc-scope";
  return "/tmp/ipc-scope-" + std::to_string(getuid());
}

}  // namespace ipc
