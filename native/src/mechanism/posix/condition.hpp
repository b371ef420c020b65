/// A condition variable that outlives whoever dies while it waits.
#pragma once

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdint>

#include "system/futex.hpp"

namespace ipc {

/// A condition of a monitor (Hoare 1974, signalled as in Mesa: whoever is woken looks again), in shared memory.
///
/// Those of glibc (since 2.25; tried: 2.36) keep count of who is inside a wait, and a signal now and then waits for that
/// count to drop (nptl/pthread_cond_common.c): for ever, once a process was killed in its sleep and others still wait.
/// Between two processes that cannot happen; with one of three sleepers killed it happened every time. Here nobody waits for anybody: a process that dies asleep
/// leaves a count that is one too high, which costs a system call now and then.
///
/// It needs no monitor either, where whoever waits looks once more after `begin_waiting` and a full barrier, and whoever
/// changes something has a barrier before `awaited`: an event count (Reed and Kanodia 1979).
class Condition {
 public:
  /// Announces a wait. Answers what `sleep` wants to know. Read before the announcement: a signal meant for this wait then
  /// changes it.
  std::uint32_t begin_waiting() {
    const std::uint32_t turn = turns_.load(std::memory_order_acquire);
    state_.fetch_add(kWaiting, std::memory_order_relaxed);
    return turn;
  }

  /// Sleeps, outside the monitor, until there was a signal after `turn` or it is `deadline_ns`. Answers as system calls do.
  int sleep(std::uint32_t turn, std::uint64_t deadline_ns) {
    errno = futex_wait_until(turns_, turn, deadline_ns);
    return errno == 0 ? 0 : -1;
  }

  /// Inside again, whatever ended the sleep.
  void end_waiting() {
    change([](std::uint64_t state) { return state - kWaiting - (told(state) > 0 ? kTold : 0); });
  }

  /// Whether somebody waits who was not signalled yet. Only when a process died in the middle of a signal may it be false
  /// while somebody sleeps, who looks again at the deadline.
  bool awaited() const {
    const std::uint64_t state = state_.load(std::memory_order_relaxed);
    return told(state) < waiting(state);
  }

  /// Wakes one of those who wait. Answers how many were asleep.
  int signal() {
    change([](std::uint64_t state) { return told(state) < waiting(state) ? state + kTold : state; });
    turns_.fetch_add(1, std::memory_order_release);
    return futex_wake(turns_, 1);
  }

  /// Wakes all of them.
  int broadcast() {
    change([](std::uint64_t state) { return waiting(state) * (kWaiting + kTold); });
    turns_.fetch_add(1, std::memory_order_release);
    return futex_wake(turns_, INT_MAX);
  }

 private:
  static constexpr std::uint64_t kWaiting = 1;
  static constexpr std::uint64_t kTold = std::uint64_t{1} << 32;
  static std::uint64_t waiting(std::uint64_t state) { return state % kTold; }
  static std::uint64_t told(std::uint64_t state) { return state / kTold; }

  template <class Next>
  void change(Next&& next) {
    std::uint64_t state = state_.load(std::memory_order_relaxed);
    while (!state_.compare_exchange_weak(state, next(state), std::memory_order_relaxed)) continue;
  }

  /// Processes between `begin_waiting` and `end_waiting`, and in the upper half how many of them signals made awake: never
  /// more than are, since who is back counts no more, whether a signal or the deadline ended its sleep.
  std::atomic<std::uint64_t> state_{0};
  /// The futex word: signals so far.
  std::atomic<std::uint32_t> turns_{0};
};

/// Of a bounded buffer with several producers and consumers.
struct CommonConditions {
  Condition not_full;
  Condition not_empty;
  /// The message of a rendezvous was taken.
  Condition taken;
};

}  // namespace ipc
