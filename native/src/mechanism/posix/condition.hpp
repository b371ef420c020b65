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
/// Those of glibc 2.25 to 2.40 keep count of who is inside a wait, and a signal now and then waits for that count to drop
/// (pthread_cond_signal, nptl/pthread_cond_common.c): for ever, once a process was killed in its sleep and others still
/// wait. Between two processes that cannot happen, among several it soon does. Here nobody waits for anybody: a process
/// that dies asleep leaves a count that is one too high, which costs a system call now and then.
///
/// All members but `sleep` are for whoever is inside the monitor.
class Condition {
 public:
  /// Announces a wait. Answers what `sleep` wants to know.
  std::uint32_t begin_waiting() {
    add(waiting_, 1);
    return turns_.load(std::memory_order_relaxed);
  }

  /// Sleeps, outside the monitor, until there was a signal after `turn` or it is `deadline_ns`. Answers as system calls do.
  int sleep(std::uint32_t turn, std::uint64_t deadline_ns) {
    errno = futex_wait_until(turns_, turn, deadline_ns);
    return errno == 0 ? 0 : -1;
  }

  /// Inside again, whatever ended the sleep.
  void end_waiting() {
    add(waiting_, -1);
    if (awake_.load(std::memory_order_relaxed) > 0) add(awake_, -1);
  }

  /// Whether somebody waits who was not signalled yet. Only when a process died in the middle of a signal may it be false
  /// while somebody sleeps, who looks again at the deadline.
  bool awaited() const {
    return awake_.load(std::memory_order_relaxed) < waiting_.load(std::memory_order_relaxed);
  }

  /// Wakes one of those who wait; only when `awaited`.
  int signal() {
    add(awake_, 1);
    add(turns_, 1);
    return futex_wake(turns_, 1);
  }

  /// Wakes all of them.
  int broadcast() {
    awake_.store(waiting_.load(std::memory_order_relaxed), std::memory_order_relaxed);
    add(turns_, 1);
    return futex_wake(turns_, INT_MAX);
  }

 private:
  /// The mutex orders the changes; atomic is only the reading by those who fall asleep outside.
  static void add(std::atomic<std::uint32_t>& cell, int by) {
    cell.store(cell.load(std::memory_order_relaxed) + static_cast<std::uint32_t>(by), std::memory_order_relaxed);
  }

  /// The futex word: signals so far.
  std::atomic<std::uint32_t> turns_{0};
  /// Processes between `begin_waiting` and `end_waiting`.
  std::atomic<std::uint32_t> waiting_{0};
  /// At most so many of them are awake or about to be: each signal makes one so, and who is inside again counts no more.
  std::atomic<std::uint32_t> awake_{0};
};

/// Of a bounded buffer with several producers and consumers.
struct CommonConditions {
  Condition not_full;
  Condition not_empty;
  /// The message of a rendezvous was taken.
  Condition taken;
};

}  // namespace ipc
