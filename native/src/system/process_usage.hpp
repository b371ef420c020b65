/// What the system knows of a process from outside, without any help of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace ipc {

struct ProcessUsage {
  /// Time on a CPU, and ready but waiting for one, ns.
  std::uint64_t run_ns = 0;
  std::uint64_t runnable_ns = 0;
  /// Clock ticks in user and kernel mode: coarse, used for the ratio alone.
  std::uint64_t user_ticks = 0;
  std::uint64_t system_ticks = 0;
  std::uint64_t minor_faults = 0;
  std::uint64_t major_faults = 0;
  std::uint64_t voluntary_switches = 0;
  std::uint64_t involuntary_switches = 0;
  /// Where it ran last.
  unsigned cpu = 0;
  /// Stopped by a signal.
  bool stopped = false;
};

/// Reads one process's usage again and again; keeps the files open, since opening costs more than reading.
class UsageReader {
 public:
  explicit UsageReader(int pid);
  ~UsageReader();
  UsageReader(UsageReader&& other) noexcept;
  UsageReader(const UsageReader&) = delete;
  UsageReader& operator=(const UsageReader&) = delete;
  UsageReader& operator=(UsageReader&&) = delete;

  /// Empty when the process is gone (a zombie still answers).
  std::optional<ProcessUsage> read();

  /// The kernel function in which the process sleeps, `anon_pipe_write` for instance; empty while it runs or is ready to,
  /// and where the kernel does not tell (proc_pid_wchan(5): it takes the right to trace the process).
  std::string waiting_in();

  /// The system call in which the process is blocked, `read` for instance; empty while it runs, where the kernel does not
  /// tell (proc_pid_syscall(5): it takes the right to trace the process), and for calls without a name here.
  std::string waiting_call();

  /// How often the process has moved to another CPU (nr_migrations of /proc/PID/sched); empty where the kernel does not tell.
  /// Dearer than the others, because the kernel writes that file out in full.
  std::optional<std::uint64_t> migrations();

 private:
  int stat_fd_ = -1;
  int schedstat_fd_ = -1;
  int status_fd_ = -1;
  int wchan_fd_ = -1;
  int sched_fd_ = -1;
  int syscall_fd_ = -1;
};

}  // namespace ipc
