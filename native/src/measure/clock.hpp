/// The clock of all measurements: CLOCK_MONOTONIC, read through the vDSO without a system call (vdso(7)).
#pragma once

#include <cstdint>
#include <ctime>

namespace ipc {

inline constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
inline constexpr std::uint64_t kNsPerMs = 1'000'000;

/// ns since an arbitrary point in the past, the same for all processes of this machine.
inline std::uint64_t now_ns() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * kNsPerSecond + static_cast<std::uint64_t>(time.tv_nsec);
}

inline timespec to_timespec(std::uint64_t ns) {
  return {static_cast<time_t>(ns / kNsPerSecond), static_cast<long>(ns % kNsPerSecond)};
}

struct ClockFacts {
  /// Least difference seen between two readings that differ.
  double resolution_ns;
  /// Mean cost of one reading.
  double cost_ns;
};

/// Takes about 50 us per 1,000 readings.
ClockFacts measure_clock(int readings);

}  // namespace ipc
