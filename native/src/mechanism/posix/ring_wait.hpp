/// How the two sides of a ring wait for each other: awake, or asleep in the kernel.
#pragma once

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "measure/clock.hpp"
#include "system/cpus.hpp"
#include "system/futex.hpp"

namespace ipc {

/// Tells the CPU that we wait, so that its sister thread gets the execution units.
inline void cpu_relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Waits by asking again and again. Gives the CPU away now and then, and at once where the other side needs it too:
/// without that, each side would spin through its whole time slice (8 ms a round trip).
///
/// In a stream whoever is the faster side finds the ring empty (or full) after every message, and its asking takes the
/// cache line of the index away from the other side each time. So it asks a little later as long as it finds something
/// at once, and then finds several messages; a side that really has to wait asks without delay.
class SpinWait {
 public:
  /// `one_way`: messages follow each other without waiting for an answer.
  SpinWait(CpuSharing sharing, bool one_way)
      : patience_(sharing == CpuSharing::one ? 16 : 4096),
        // Pinned apart, giving the CPU away would help strangers only.
        yields_(sharing != CpuSharing::none),
        most_relaxed_(one_way && sharing != CpuSharing::one ? kMostRelaxed : 0) {}

  static void notify(std::atomic<std::uint32_t>&) {}

  /// Returns when `done()`, or after a while without, so that the caller can look at other things.
  template <class Done>
  void wait(std::atomic<std::uint32_t>&, Done&& done) {
    for (int i = 0; i < relaxed_; ++i) cpu_relax();
    for (int i = 0; i < patience_; ++i) {
      if (done()) {
        relaxed_ = i < kAtOnce ? std::min(relaxed_ + 1, most_relaxed_) : 0;
        return;
      }
      cpu_relax();
    }
    relaxed_ = 0;
    if (yields_) sched_yield();
  }

  static constexpr bool kCallsKernel = false;

 private:
  /// About 0.5 us at 40 cycles a pause.
  static constexpr int kMostRelaxed = 32;
  static constexpr int kAtOnce = 4;

  int patience_;
  bool yields_;
  int most_relaxed_;
  int relaxed_ = 0;
};

/// Sleeps on a futex only when there is nothing to do, and wakes only somebody who sleeps.
///
/// No wake-up is lost: the sleeper announces itself, makes that visible to all (a barrier on every CPU), and looks once
/// more before it sleeps; the other side publishes its index and then looks for the announcement. One of the two
/// sees the other. The heavy barrier on the rare side spares the frequent side a fence a message (membarrier(2));
/// where there is none the frequent side pays.
class FutexWait {
 public:
  FutexWait(CpuSharing, bool) : light_(register_for_heavy_barrier()) {}

  /// Called after every change of the own index; `asleep` is the other side's word.
  void notify(std::atomic<std::uint32_t>& asleep) const {
    if (light_) {
      std::atomic_signal_fence(std::memory_order_seq_cst);
    } else {
      std::atomic_thread_fence(std::memory_order_seq_cst);
    }
    if (asleep.load(std::memory_order_relaxed) != 0) [[unlikely]] wake(asleep);
  }

  /// Sleeps on the own word unless `done()`; returns at the latest after kPatienceNs, for the case that the other side
  /// died between publishing and waking.
  template <class Done>
  void wait(std::atomic<std::uint32_t>& asleep, Done&& done) {
    asleep.store(1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    heavy_barrier();
    if (!done()) futex_wait_until(asleep, 1, now_ns() + kPatienceNs);
    asleep.store(0, std::memory_order_relaxed);
  }

  static constexpr bool kCallsKernel = true;

 private:
  static constexpr std::uint64_t kPatienceNs = 20 * kNsPerMs;

  [[gnu::noinline]] static void wake(std::atomic<std::uint32_t>& asleep) {
    // Taking the announcement back lets the following messages pass without a system call each.
    if (asleep.exchange(0, std::memory_order_relaxed) != 0) futex_wake(asleep, 1);
  }

  bool light_;
};

}  // namespace ipc
