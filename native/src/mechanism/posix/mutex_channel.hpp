/// A channel over a ring that a mutex and two condition variables keep in step.
#pragma once

#include <pthread.h>
#include <sys/types.h>

#include <cerrno>

#include "mechanism/posix/ring_ends.hpp"
#include "mechanism/posix/robust_lock.hpp"
#include "peer/context.hpp"

namespace ipc {

/// The bounded buffer as a monitor (Hoare 1974): whoever is inside holds the mutex; who finds the buffer full or empty
/// waits, outside, for the condition that the other side signals. The message is copied inside, as in the textbooks.
///
/// The mutex is robust (pthread_mutexattr_setrobust(3)): when a process dies inside, the next one gets in with
/// EOWNERDEAD. Nothing needs repair then, because an index moves only after its message is whole, so what the dead one
/// had begun does not count. Condition variables know nothing of the kind. So they are signalled from inside only, where
/// the mutex tells of a death in the middle of it, and are left alone once the other side is known to be dead. What
/// remains is a death between two instructions of a signal while this side sleeps: glibc's waiter then does not come
/// back at its timeout, and the supervisor ends it as stuck.
class MutexChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = true;

  MutexChannel(PeerContext& context, const RingEnds& ends)
      : context_(context),
        blocking_(context.settings().blocking),
        lock_(context),
        out_(ends.out != nullptr ? ends.out : ends.in),
        in_(ends.in != nullptr ? ends.in : ends.out) {}

  template <bool Logged>
  Outcome send(const std::byte* message, std::size_t size) {
    Monitor& monitor = out_.ring().monitor;
    if (!lock_.enter<Logged>(monitor.mutex)) return Outcome::failed;
    const Outcome vacant = await<Logged>(monitor, monitor.not_full, [&] { return !out_.full(); });
    // A message for the dead would only be counted as sent.
    if (vacant != Outcome::done || lock_.owner_died()) {
      return lock_.leave<Logged>(monitor.mutex, vacant == Outcome::done ? Outcome::closed : vacant);
    }
    traced<Logged>(context_, CallName::ring_push, -1, size, [&] {
      out_.push_unchecked(message, size);
      return static_cast<ssize_t>(size);
    });
    signal<Logged>(monitor.not_empty);
    return lock_.leave<Logged>(monitor.mutex, Outcome::done);
  }

  template <bool Logged>
  Outcome receive(std::byte* message, std::size_t size) {
    Monitor& monitor = in_.ring().monitor;
    if (!lock_.enter<Logged>(monitor.mutex)) return Outcome::failed;
    // Asked inside, so that what is there once stays there.
    if (in_.empty()) [[unlikely]] {
      const auto ready = [&] { return !in_.empty() || in_.finished(); };
      const Outcome filled = await<Logged>(monitor, monitor.not_empty, ready);
      if (filled != Outcome::done || in_.empty()) {
        return lock_.leave<Logged>(monitor.mutex, filled == Outcome::done ? Outcome::closed : filled);
      }
    }
    traced<Logged>(context_, CallName::ring_pop, -1, size, [&] {
      in_.pop_unchecked(message, size);
      return static_cast<ssize_t>(size);
    });
    signal<Logged>(monitor.not_full);
    return lock_.leave<Logged>(monitor.mutex, Outcome::done);
  }

  void finish_sending() {
    Monitor& monitor = out_.ring().monitor;
    if (!lock_.enter<false>(monitor.mutex)) return;
    out_.close();
    signal<false>(monitor.not_empty);
    lock_.leave<false>(monitor.mutex, Outcome::done);
  }

 private:
  static constexpr std::uint64_t kPatienceNs = 20 * kNsPerMs;

  template <bool Logged>
  void signal(pthread_cond_t& condition) {
    if (lock_.owner_died()) [[unlikely]] return;
    traced<Logged>(context_, CallName::pthread_cond_signal, -1, 0,
                   [&] { return RobustLock::answer(pthread_cond_signal(&condition)); });
  }

  template <bool Logged, class Ready>
  Outcome await(Monitor& monitor, pthread_cond_t& condition, Ready&& ready) {
    if (ready()) [[likely]] return Outcome::done;
    return await_slowly<Logged>(monitor, condition, ready);
  }

  /// Waits until `ready()`; `closed` when the other side is dead and it will never be so.
  template <bool Logged, class Ready>
  [[gnu::noinline]] Outcome await_slowly(Monitor& monitor, pthread_cond_t& condition, Ready&& ready) {
    context_.count_wait();
    if (!blocking_) context_.count_would_block();
    while (!ready()) {
      // The dead may have left the mutex in order; then the supervisor tells of it.
      if (lock_.owner_died() || context_.abandoned()) return Outcome::closed;
      context_.count_extra_call();
      const int waited = traced<Logged>(context_, CallName::pthread_cond_timedwait, -1, 0, [&] {
        const timespec deadline = to_timespec(now_ns() + kPatienceNs);
        return RobustLock::answer(pthread_cond_timedwait(&condition, &monitor.mutex, &deadline));
      });
      if (waited != 0 && errno != ETIMEDOUT && !lock_.inherited(monitor.mutex, "pthread_cond_timedwait")) return Outcome::failed;
    }
    return Outcome::done;
  }

  PeerContext& context_;
  bool blocking_;
  /// Tells too whether the other side died inside.
  RobustLock lock_;
  RingProducer out_;
  RingConsumer in_;
};

}  // namespace ipc
