#include "measure/clock.hpp"

#include <algorithm>
#include <limits>

namespace ipc {

ClockFacts measure_clock(int readings) {
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t before = now_ns();
  const std::uint64_t start = before;
  for (int i = 0; i < readings; ++i) {
    const std::uint64_t now = now_ns();
    if (now != before) least = std::min(least, now - before);
    before = now;
  }
  const double cost = static_cast<double>(before - start) / static_cast<double>(std::max(1, readings));
  // A clock of 1 ns cannot show a difference below its own cost; then the cost tells nothing about its resolution.
  timespec step;
  clock_getres(CLOCK_MONOTONIC, &step);
  const bool fine = static_cast<double>(least) <= 2 * cost + 1;
  const double resolution = fine ? static_cast<double>(step.tv_nsec) : static_cast<double>(least);
  return {resolution, cost};
}

}  // namespace ipc
