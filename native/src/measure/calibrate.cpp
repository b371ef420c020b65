#include "measure/calibrate.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "measure/clock.hpp"
#include "measure/wake_up.hpp"
#include "system/cpus.hpp"

namespace ipc {

namespace {

constexpr std::uint64_t kStepNs = 15 * kNsPerMs;

struct alignas(64) Line {
  std::atomic<std::uint64_t> value{0};
};

/// Two threads pass a number back and forth, each in a line of its own (the core-to-core latency of the field's tools).
std::optional<double> cache_line_round_trip(int near, int far) {
  if (near == far) return std::nullopt;
  constexpr std::uint64_t kDone = ~std::uint64_t{0};
  Line there;
  Line back;
  double best_ns = 0;
  std::thread answering([&] {
    pin_to(far);
    for (std::uint64_t seen = 0;;) {
      const std::uint64_t now = there.value.load(std::memory_order_acquire);
      if (now == kDone) return;
      if (now == seen) continue;
      seen = now;
      back.value.store(now, std::memory_order_release);
    }
  });
  std::thread asking([&] {
    pin_to(near);
    constexpr std::uint64_t kBatch = 500;
    const std::uint64_t until = now_ns() + kStepNs;
    std::uint64_t sent = 0;
    for (std::uint64_t start = now_ns(); start < until;) {
      for (std::uint64_t i = 0; i < kBatch; ++i) {
        there.value.store(++sent, std::memory_order_release);
        // Whoever is taken off its CPU ends the wait at the latest with the time that there is.
        for (unsigned spins = 0; back.value.load(std::memory_order_acquire) != sent; ++spins) {
          if ((spins & 0xFFFF) == 0xFFFF && now_ns() > until) break;
        }
      }
      const std::uint64_t end = now_ns();
      const double batch_ns = static_cast<double>(end - start) / static_cast<double>(kBatch);
      // The least of many is the limit: whatever else ran can only have made a batch longer.
      if (best_ns == 0 || batch_ns < best_ns) best_ns = batch_ns;
      start = end;
    }
    there.value.store(kDone, std::memory_order_release);
  });
  asking.join();
  answering.join();
  return best_ns > 0 ? std::optional(best_ns) : std::nullopt;
}

double memcpy_rate(std::size_t message_bytes) {
  constexpr std::size_t kWorkingSet = 1 << 20;
  const std::size_t messages = std::max<std::size_t>(1, kWorkingSet / message_bytes);
  std::vector<std::byte> from(messages * message_bytes, std::byte{1});
  std::vector<std::byte> to(messages * message_bytes);
  double best = 0;
  const std::uint64_t until = now_ns() + kStepNs;
  for (std::uint64_t start = now_ns(); start < until;) {
    for (std::size_t i = 0; i < messages; ++i) {
      std::memcpy(to.data() + i * message_bytes, from.data() + i * message_bytes, message_bytes);
      asm volatile("" : : "r"(to.data()) : "memory");  // keeps the copies from being left out or joined
    }
    const std::uint64_t end = now_ns();
    best = std::max(best, static_cast<double>(from.size()) * 1e9 / static_cast<double>(std::max<std::uint64_t>(1, end - start)));
    start = end;
  }
  return best;
}

double syscall_cost() {
  constexpr int kBatch = 200;
  double best_ns = 1e9;
  const std::uint64_t until = now_ns() + kStepNs / 3;
  for (std::uint64_t start = now_ns(); start < until;) {
    for (int i = 0; i < kBatch; ++i) syscall(SYS_getppid);
    const std::uint64_t end = now_ns();
    best_ns = std::min(best_ns, static_cast<double>(end - start) / kBatch);
    start = end;
  }
  return best_ns;
}

}  // namespace

MachineLimits calibrate(std::size_t message_bytes, int producer_cpu, int consumer_cpu) {
  const std::vector<unsigned> allowed = allowed_cpus();
  const int near = producer_cpu >= 0 ? producer_cpu : static_cast<int>(allowed.front());
  const int far = consumer_cpu >= 0 ? consumer_cpu : static_cast<int>(allowed.back());
  return {cache_line_round_trip(near, far),
          memcpy_rate(message_bytes),
          syscall_cost(),
          measure_clock(1000).cost_ns,
          near == far ? std::nullopt : wake_up_ns(near, far),
          wake_up_ns(near, near)};
}

}  // namespace ipc
