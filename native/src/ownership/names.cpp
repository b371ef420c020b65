#include "ownership/names.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace ipc {

namespace {

constexpr std::string_view kPrefix = "ipc-scope-";

// ftok(3) puts its second argument here, for which programs take small numbers or letters, and keys that people choose
// have noughts here: neither is above 0x7f.
constexpr std::uint32_t kKeyMark = 0xE5;
constexpr unsigned kPidBits = 22;
constexpr unsigned kMarkShift = 24;

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

std::int32_t object_key(int owner_pid, int index) {
  return static_cast<std::int32_t>(kKeyMark << kMarkShift | static_cast<std::uint32_t>(index) << kPidBits |
                                   static_cast<std::uint32_t>(owner_pid));
}

std::optional<int> owner_of_key(std::int32_t key) {
  const auto bits = static_cast<std::uint32_t>(key);
  const int pid = static_cast<int>(bits & ((1U << kPidBits) - 1));
  if (bits >> kMarkShift != kKeyMark || pid == 0) return std::nullopt;
  return pid;
}

std::string key_text(std::int32_t key) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%08x", static_cast<unsigned>(key));
  return text;
}

std::string run_folder() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  if (runtime != nullptr && runtime[0] == '/') return std::string(runtime) + "/ipc-scope";
  return "/tmp/ipc-scope-" + std::to_string(getuid());
}

}  // namespace ipc
