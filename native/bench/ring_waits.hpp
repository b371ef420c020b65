/// How a side of a ring waits: awake, on a futex, or on an eventfd. The rules are the helper's, so that what is compared is the
/// work for a message: how long a spinner asks, when it gives its CPU away, and the barrier by which no wake-up is missed.
#pragma once

#include <linux/futex.h>
#include <linux/membarrier.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "options.hpp"

namespace bare {

inline void cpu_relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Asks again and again; in a stream on two CPUs a little later as long as it finds something at once, so that it takes the
/// index's cache line away less often. On one CPU gives the other side its turn.
class Spin {
 public:
  explicit Spin(const Options& options)
      : most_relaxed_(!options.pingpong() && options.placement != "same" ? 32 : 0),
        asks_a_turn_(options.placement == "same" ? 16 : options.placement == "free" ? 4096 : 0) {}

  template <class Done>
  void until(std::atomic<std::uint32_t>&, Done&& done) {
    for (int i = 0; i < relaxed_; ++i) cpu_relax();
    for (unsigned asks = 0; !done(); ++asks) {
      if (asks >= kAtOnce) relaxed_ = -1;
      if (asks_a_turn_ != 0 && asks % asks_a_turn_ == asks_a_turn_ - 1) sched_yield();
      cpu_relax();
    }
    relaxed_ = std::min(relaxed_ + 1, most_relaxed_);
  }
  void notify(std::atomic<std::uint32_t>&) {}

 private:
  static constexpr unsigned kAtOnce = 4;
  int most_relaxed_;
  unsigned asks_a_turn_;
  int relaxed_ = 0;
};

/// Sleeps at once. The sleeper pays for the barrier (membarrier(2)), and whoever publishes only looks.
template <class Bell>
class Sleep {
 public:
  explicit Sleep(const Options&) {
    if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0) != 0) die("membarrier");
  }

  template <class Done>
  void until(std::atomic<std::uint32_t>& asleep, Done&& done) {
    while (!done()) {
      asleep.store(1, std::memory_order_seq_cst);
      syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0);
      if (!done()) Bell::sleep(asleep);
      asleep.store(0, std::memory_order_relaxed);
    }
  }
  void notify(std::atomic<std::uint32_t>& asleep) {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (asleep.load(std::memory_order_relaxed) != 0 && asleep.exchange(0, std::memory_order_relaxed) != 0) {
      Bell::wake(asleep);
    }
  }
};

struct FutexBell {
  static void sleep(std::atomic<std::uint32_t>& asleep) { syscall(SYS_futex, &asleep, FUTEX_WAIT, 1, nullptr, nullptr, 0); }
  static void wake(std::atomic<std::uint32_t>& asleep) { syscall(SYS_futex, &asleep, FUTEX_WAKE, 1, nullptr, nullptr, 0); }
};

/// A doorbell for each side, of which the other one knows the descriptor.
struct EventfdBell {
  static inline int own = -1;
  static inline int other = -1;
  static void sleep(std::atomic<std::uint32_t>&) {
    pollfd entry{own, POLLIN, 0};
    if (poll(&entry, 1, -1) <= 0) return;
    std::uint64_t rung = 0;
    if (read(own, &rung, sizeof rung) < 0) die("read eventfd");
  }
  static void wake(std::atomic<std::uint32_t>&) {
    constexpr std::uint64_t kOne = 1;
    if (write(other, &kOne, sizeof kOne) < 0) die("write eventfd");
  }
};

}  // namespace bare
