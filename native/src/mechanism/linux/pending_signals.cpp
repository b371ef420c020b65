#include "mechanism/linux/pending_signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <string>
#include <string_view>

namespace ipc {

namespace {

/// The text behind `label` up to the end of its line.
std::string_view field(std::string_view text, std::string_view label) {
  const std::size_t at = text.find(label);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + label.size());
  return text.substr(0, text.find('\n'));
}

std::uint64_t number(std::string_view text, int base) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

}  // namespace

PendingSignals::PendingSignals(int pid)
    : status_(::open(("/proc/" + std::to_string(pid) + "/status").c_str(), O_RDONLY | O_CLOEXEC)) {}

PendingSignals::Reading PendingSignals::read() const {
  char text[4096];
  const ssize_t got = status_.get() < 0 ? -1 : pread(status_.get(), text, sizeof text, 0);
  if (got <= 0) return {};
  const std::string_view status(text, static_cast<std::size_t>(got));
  const std::string_view queue = field(status, "\nSigQ:\t");
  const std::size_t slash = queue.find('/');
  if (slash == std::string_view::npos) return {};
  return {true, number(queue, 10), number(queue.substr(slash + 1), 10), number(field(status, "\nShdPnd:\t"), 16)};
}

}  // namespace ipc
