#include "system/process_usage.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "system/syscall_names.hpp"

namespace ipc {

namespace {

int open_proc(int pid, const char* name) {
  const std::string path = "/proc/" + std::to_string(pid) + "/" + name;
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
}

/// The file's text from its start, in `buffer`; empty when it cannot be read.
template <std::size_t N>
std::string_view read_all(int fd, std::array<char, N>& buffer) {
  const ssize_t got = fd < 0 ? -1 : pread(fd, buffer.data(), N, 0);
  return got > 0 ? std::string_view(buffer.data(), static_cast<std::size_t>(got)) : std::string_view();
}

/// Takes the next number off the front of `text`; 0 when there is none.
std::uint64_t take_number(std::string_view& text) {
  std::size_t at = 0;
  while (at < text.size() && (text[at] < '0' || text[at] > '9')) ++at;
  std::uint64_t number = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    number = number * 10 + static_cast<std::uint64_t>(text[at] - '0');
  }
  text.remove_prefix(at);
  return number;
}

std::uint64_t labelled(std::string_view text, std::string_view label) {
  const std::size_t at = text.find(label);
  if (at == std::string_view::npos) return 0;
  text.remove_prefix(at + label.size());
  return take_number(text);
}

/// The fields of /proc/PID/stat by their numbers in proc_pid_stat(5), from the third on.
class StatFields {
 public:
  explicit StatFields(std::string_view text) {
    // The name in the second field may hold anything, blanks and brackets too; it ends at the last bracket.
    const std::size_t bracket = text.rfind(')');
    if (bracket == std::string_view::npos) return;
    text.remove_prefix(bracket + 1);
    unsigned number = 3;
    while (!text.empty() && number < fields_.size()) {
      while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
      const std::size_t end = std::min(text.find(' '), text.size());
      std::string_view field = text.substr(0, end);
      fields_[number++] = take_number(field);
      text.remove_prefix(end);
    }
  }
  std::uint64_t operator[](unsigned number) const { return fields_[number]; }

 private:
  std::array<std::uint64_t, 53> fields_{};
};

/// By the state, the third field of /proc/PID/stat. A tracer's stops (`t`) are no standstill: strace(1) makes one of every call.
bool is_stopped(std::string_view stat) {
  const std::size_t bracket = stat.rfind(')');
  if (bracket == std::string_view::npos || bracket + 2 >= stat.size()) return false;
  return stat[bracket + 2] == 'T';
}

}  // namespace

UsageReader::UsageReader(int pid)
    : stat_fd_(open_proc(pid, "stat")),
      schedstat_fd_(open_proc(pid, "schedstat")),
      status_fd_(open_proc(pid, "status")),
      wchan_fd_(open_proc(pid, "wchan")),
      sched_fd_(open_proc(pid, "sched")),
      syscall_fd_(open_proc(pid, "syscall")) {}

UsageReader::UsageReader(UsageReader&& other) noexcept
    : stat_fd_(std::exchange(other.stat_fd_, -1)),
      schedstat_fd_(std::exchange(other.schedstat_fd_, -1)),
      status_fd_(std::exchange(other.status_fd_, -1)),
      wchan_fd_(std::exchange(other.wchan_fd_, -1)),
      sched_fd_(std::exchange(other.sched_fd_, -1)),
      syscall_fd_(std::exchange(other.syscall_fd_, -1)) {}

UsageReader::~UsageReader() {
  for (const int fd : {stat_fd_, schedstat_fd_, status_fd_, wchan_fd_, sched_fd_, syscall_fd_}) {
    if (fd >= 0) ::close(fd);
  }
}

std::optional<std::uint64_t> UsageReader::migrations() {
  std::array<char, 4096> buffer;
  const std::string_view text = read_all(sched_fd_, buffer);
  if (text.find("nr_migrations") == std::string_view::npos) return std::nullopt;
  return labelled(text, "nr_migrations");
}

std::string UsageReader::waiting_in() {
  std::array<char, 128> buffer;
  const std::string_view name = read_all(wchan_fd_, buffer);
  // `0` while it does not sleep.
  return name == "0" ? std::string() : std::string(name.substr(0, name.find('\n')));
}

std::string UsageReader::waiting_call() {
  std::array<char, 256> buffer;
  // `running`, or the call's number and its arguments; -1 for a process that sleeps outside of any call (a page fault).
  std::string_view text = read_all(syscall_fd_, buffer);
  if (text.empty() || text.front() < '0' || text.front() > '9') return {};
  return std::string(syscall_name(static_cast<long>(take_number(text))));
}

std::optional<ProcessUsage> UsageReader::read() {
  std::array<char, 4096> buffer;
  const std::string_view stat = read_all(stat_fd_, buffer);
  if (stat.empty()) return std::nullopt;
  const StatFields fields(stat);
  ProcessUsage usage;
  usage.minor_faults = fields[10];
  usage.major_faults = fields[12];
  usage.user_ticks = fields[14];
  usage.system_ticks = fields[15];
  usage.cpu = static_cast<unsigned>(fields[39]);
  usage.stopped = is_stopped(stat);

  std::string_view schedstat = read_all(schedstat_fd_, buffer);
  if (!schedstat.empty()) {
    usage.run_ns = take_number(schedstat);
    usage.runnable_ns = take_number(schedstat);
  } else {
    const auto tick_ns = static_cast<std::uint64_t>(1'000'000'000 / sysconf(_SC_CLK_TCK));
    usage.run_ns = (usage.user_ticks + usage.system_ticks) * tick_ns;
  }

  const std::string_view status = read_all(status_fd_, buffer);
  usage.voluntary_switches = labelled(status, "\nvoluntary_ctxt_switches:");
  usage.involuntary_switches = labelled(status, "\nnonvoluntary_ctxt_switches:");
  return usage;
}

}  // namespace ipc
