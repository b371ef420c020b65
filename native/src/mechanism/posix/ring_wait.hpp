/// How the two sides of a ring wait for each other: awake, asleep in the kernel, or first the one and then the other.
///
/// A wait that spins (kSpins) offers
///   bool spins()               whether it does so in this session
///   bool spin(done)            whether it was done before it was time to do something else
/// and one that sleeps (kSleeps) after that
///   long sleep(asleep, done)   by kSleepCall, unless done(); returns after a while at the latest
///   bool must_wake(asleep)     after every change of the own index: whether the other side sleeps
///   long wake(asleep)          ends its sleep, by kWakeCall
/// `asleep` is the word of whoever sleeps.
#pragma once

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "measure/call_log.hpp"
#include "measure/clock.hpp"
#include "mechanism/posix/spin_bound.hpp"
#include "system/cpus.hpp"
#include "system/futex.hpp"

namespace ipc {

/// What a wait may want to know of its session.
struct WaitSetup {
  CpuSharing sharing = CpuSharing::some;
  /// Messages follow each other without waiting for an answer.
  bool one_way = true;
  /// A message and what tells of it are one cache line.
  bool one_line = false;
  /// The descriptor that wakes the other side and the one that wakes this side; -1 where a word of memory does.
  int other_fd = -1;
  int own_fd = -1;
};

/// A sleeper looks up at the latest after this time, for the case that the other side died between publishing and waking.
inline constexpr std::uint64_t kWaitPatienceNs = 20 * kNsPerMs;

/// Tells the CPU that we wait, so that its sister thread gets the execution units.
inline void cpu_relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Asking again and again whether something is done.
///
/// In a stream whoever is the faster side finds the ring empty (or full) after every message, and its asking takes the
/// cache line of the index away from the other side each time. So it asks a little later as long as it finds something
/// at once, and then finds several messages; a side that really has to wait asks without delay.
///
/// Where what is asked for is the very line that the message comes in, the first fraction of a microsecond has no pauses: each
/// takes a fifth of a line's way between two cores. Of an index in a line of its own they make the conversation faster.
class Asking {
 public:
  explicit Asking(const WaitSetup& setup)
      : most_relaxed_(setup.one_way && setup.sharing != CpuSharing::one ? kMostRelaxed : 0),
        eager_(setup.one_line && setup.sharing != CpuSharing::one ? kEager : 0) {}

  /// Asks up to `times` times; answers whether it was done.
  template <class Done>
  bool ask(int times, Done&& done) {
    for (int i = 0; i < relaxed_; ++i) cpu_relax();
    for (int i = 0; i < eager_; ++i) {
      if (done()) return true;
    }
    for (int i = 0; i < times; ++i) {
      if (done()) {
        relaxed_ = i < kAtOnce ? std::min(relaxed_ + 1, most_relaxed_) : 0;
        return true;
      }
      cpu_relax();
    }
    relaxed_ = 0;
    return false;
  }

 private:
  /// About 0.5 us at 40 cycles a pause.
  static constexpr int kMostRelaxed = 32;
  static constexpr int kAtOnce = 4;
  /// Some 0.1 us while the line stays in the cache.
  static constexpr int kEager = 64;

  int most_relaxed_;
  int eager_;
  int relaxed_ = 0;
};

/// Waits awake. Gives the CPU away now and then, and at once where the other side needs it too: without that, each side
/// would spin through its whole time slice (8 ms a round trip).
class SpinWait {
 public:
  explicit SpinWait(const WaitSetup& setup)
      : asking_(setup),
        patience_(setup.sharing == CpuSharing::one ? 16 : 4096),
        // Pinned apart, giving the CPU away would help strangers only.
        yields_(setup.sharing != CpuSharing::none) {}

  static constexpr bool kSpins = true;
  static constexpr bool kSleeps = false;

  static bool spins() { return true; }

  template <class Done>
  bool spin(Done&& done) {
    if (asking_.ask(patience_, done)) return true;
    if (yields_) sched_yield();
    return false;
  }

 private:
  Asking asking_;
  int patience_;
  bool yields_;
};

/// The rule by which a sleeper and its waker never miss each other, whatever the sleeper sleeps on.
///
/// The sleeper announces itself, makes that visible to all (a barrier on every CPU), and looks once more before it sleeps;
/// the other side publishes its index and then looks for the announcement. One of the two sees the other. The heavy
/// barrier on the rare side spares the frequent side a fence a message (membarrier(2)); where there is none the frequent
/// side pays.
class SleepProtocol {
 public:
  SleepProtocol() : light_(register_for_heavy_barrier()) {}

  /// Between publishing and looking for announcements.
  void fence() const {
    if (light_) {
      std::atomic_signal_fence(std::memory_order_seq_cst);
    } else {
      std::atomic_thread_fence(std::memory_order_seq_cst);
    }
  }

  bool must_wake(const std::atomic<std::uint32_t>& asleep) const {
    fence();
    return asleep.load(std::memory_order_relaxed) != 0;
  }

  /// Between announcing and looking once more.
  static void heavy_fence() {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    heavy_barrier();
  }

  /// Taking the announcement back lets the following messages pass without a system call each. Answers whether it still
  /// stood.
  static bool take_back(std::atomic<std::uint32_t>& asleep) {
    return asleep.exchange(0, std::memory_order_relaxed) != 0;
  }

  /// `sleep_now` ends when the other side wakes.
  template <class Done, class SleepNow>
  static long sleep(std::atomic<std::uint32_t>& asleep, Done&& done, SleepNow&& sleep_now) {
    asleep.store(1, std::memory_order_relaxed);
    heavy_fence();
    const long answer = done() ? 0 : sleep_now();
    asleep.store(0, std::memory_order_relaxed);
    return answer;
  }

 private:
  bool light_;
};

/// Sleeps on a futex when there is nothing to do, and wakes only somebody who sleeps.
class FutexWait {
 public:
  static constexpr bool kSpins = false;
  static constexpr bool kSleeps = true;
  static constexpr CallName kSleepCall = CallName::futex_wait;
  static constexpr CallName kWakeCall = CallName::futex_wake;

  explicit FutexWait(const WaitSetup&) {}

  bool must_wake(const std::atomic<std::uint32_t>& asleep) const { return protocol_.must_wake(asleep); }

  static long wake(std::atomic<std::uint32_t>& asleep) {
    return SleepProtocol::take_back(asleep) ? futex_wake(asleep, 1) : 0;
  }

  template <class Done>
  static long sleep(std::atomic<std::uint32_t>& asleep, Done&& done) {
    return SleepProtocol::sleep(asleep, done, [&] {
      futex_wait_until(asleep, 1, now_ns() + kWaitPatienceNs);
      return 0;
    });
  }

 private:
  SleepProtocol protocol_;
};

/// Spins as long as that has paid off lately, and then sleeps on a futex; see SpinBound.
class AdaptiveWait {
 public:
  static constexpr bool kSpins = true;
  static constexpr bool kSleeps = true;
  static constexpr CallName kSleepCall = FutexWait::kSleepCall;
  static constexpr CallName kWakeCall = FutexWait::kWakeCall;

  explicit AdaptiveWait(const WaitSetup& setup)
      // Where both sides have one CPU, nothing happens while one of them spins.
      : spins_(setup.sharing != CpuSharing::one), asking_(setup), sleeping_(setup) {}

  bool must_wake(const std::atomic<std::uint32_t>& asleep) const { return sleeping_.must_wake(asleep); }
  static long wake(std::atomic<std::uint32_t>& asleep) { return FutexWait::wake(asleep); }

  bool spins() const { return spins_; }

  template <class Done>
  bool spin(Done&& done) {
    // What is found at the first look is not worth two readings of the clock.
    if (asking_.ask(kAsksALook, done)) return true;
    began_ns_ = now_ns();
    for (;;) {
      const bool found = asking_.ask(kAsksALook, done);
      const std::uint64_t waited_ns = now_ns() - began_ns_;
      if (found) bound_.waited(waited_ns);
      if (found || waited_ns >= bound_.ns()) return found;
    }
  }

  template <class Done>
  long sleep(std::atomic<std::uint32_t>& asleep, Done&& done) {
    const long answer = FutexWait::sleep(asleep, done);
    if (spins_) bound_.slept(now_ns() - began_ns_);
    return answer;
  }

 private:
  /// Between two readings of the clock; about 1 us.
  static constexpr int kAsksALook = 64;

  bool spins_;
  Asking asking_;
  FutexWait sleeping_;
  SpinBound bound_;
  std::uint64_t began_ns_ = 0;
};

}  // namespace ipc
