/// What this machine can do at best, measured before a session: the yardstick that its figures are held against.
#pragma once

#include <cstddef>
#include <optional>

namespace ipc {

struct MachineLimits {
  /// A cache line goes from one CPU to the other and back; empty where both processes run on one CPU.
  std::optional<double> cache_line_round_trip_ns;
  /// memcpy of one message after the other, in memory that one process owns.
  double memcpy_bytes_per_s = 0;
  /// A system call that does nothing (getppid(2)).
  double syscall_ns = 0;
  double clock_ns = 0;
  /// From waking a thread that sleeps until it runs: on another CPU (empty where both processes run on one), on the same.
  std::optional<double> wake_other_cpu_ns{};
  std::optional<double> wake_same_cpu_ns{};
};

/// Takes about 60 ms. `message_bytes` is at least 1; the CPUs are those of the two processes, -1 for any.
MachineLimits calibrate(std::size_t message_bytes, int producer_cpu, int consumer_cpu);

}  // namespace ipc
