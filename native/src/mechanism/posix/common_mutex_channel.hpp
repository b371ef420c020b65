/// A channel over a buffer that several producers and consumers share, kept in order by a mutex and conditions.
#pragma once

#include <sys/types.h>

#include "mechanism/posix/common_ring.hpp"
#include "mechanism/posix/ring_ends.hpp"
#include "mechanism/posix/robust_lock.hpp"
#include "peer/context.hpp"

namespace ipc {

/// The bounded buffer as a monitor, for any number of producers and consumers: see MutexChannel, which is the same for one
/// of each and need not look for indices that others move.
///
/// `kMeets`: a rendezvous (Hoare 1978). The buffer is one slot, and whoever puts a message there does not return before
/// it was taken: nothing is ever stored, and what lies there is under way.
template <bool kMeets>
class CommonMutexChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  CommonMutexChannel(PeerContext& context, const RingEnds& ends)
      : context_(context),
        blocking_(context.settings().blocking),
        lock_(context),
        out_(ends.out != nullptr ? ends.out : ends.in),
        in_(ends.in != nullptr ? ends.in : ends.out) {}

  template <bool Logged>
  Outcome send(const std::byte* message, std::size_t size) {
    RingHeader& ring = out_.header();
    if (!lock_.enter_among_several<Logged>(ring.monitor.mutex)) return Outcome::failed;
    const Outcome vacant = await<Logged>(ring, ring.conditions.not_full, [&] { return !out_.full(); });
    if (vacant != Outcome::done) return leave<Logged>(ring, vacant);
    std::uint64_t number = 0;
    traced<Logged>(context_, CallName::ring_push, -1, size, [&] {
      number = out_.push(message, size);
      return static_cast<ssize_t>(size);
    });
    signal<Logged>(ring.conditions.not_empty);
    if constexpr (kMeets) {
      const Outcome met = await<Logged>(ring, ring.conditions.taken, [&] { return out_.took(number); });
      if (met == Outcome::closed) out_.withdraw();
      return leave<Logged>(ring, met);
    }
    return leave<Logged>(ring, Outcome::done);
  }

  template <bool Logged>
  Outcome receive(std::byte* message, std::size_t size) {
    RingHeader& ring = in_.header();
    if (!lock_.enter_among_several<Logged>(ring.monitor.mutex)) return Outcome::failed;
    const auto ready = [&] { return !in_.empty() || in_.closed(); };
    const Outcome filled = await<Logged>(ring, ring.conditions.not_empty, ready);
    if (filled != Outcome::done || in_.empty()) {
      return leave<Logged>(ring, filled == Outcome::done ? Outcome::closed : filled);
    }
    traced<Logged>(context_, CallName::ring_pop, -1, size, [&] {
      in_.pop(message, size);
      return static_cast<ssize_t>(size);
    });
    if constexpr (kMeets) signal<Logged>(ring.conditions.taken);
    signal<Logged>(ring.conditions.not_full);
    return leave<Logged>(ring, Outcome::done);
  }

  /// All consumers are told, by the last of the producers.
  void finish_sending() {
    if (!context_.last_to_send()) return;
    RingHeader& ring = out_.header();
    if (!lock_.enter_among_several<false>(ring.monitor.mutex)) return;
    out_.close();
    ring.conditions.not_empty.broadcast();
    leave<false>(ring, Outcome::done);
  }

 private:
  static constexpr std::uint64_t kPatienceNs = 20 * kNsPerMs;

  template <bool Logged>
  Outcome leave(RingHeader& ring, Outcome outcome) {
    return lock_.leave<Logged>(ring.monitor.mutex, outcome);
  }

  template <bool Logged>
  void signal(Condition& condition) {
    if (condition.awaited()) wake<Logged>(condition);
  }

  template <bool Logged>
  [[gnu::noinline]] void wake(Condition& condition) {
    context_.count_extra_call();
    traced<Logged>(context_, CallName::futex_wake, -1, 0, [&] { return condition.signal(); });
  }

  template <bool Logged, class Ready>
  Outcome await(RingHeader& ring, Condition& condition, Ready&& ready) {
    if (ready()) [[likely]] return Outcome::done;
    return await_slowly<Logged>(ring, condition, ready);
  }

  /// Waits outside until `ready()`, and is inside again then; `closed` when a process of the session is dead and it need
  /// never be so.
  template <bool Logged, class Ready>
  [[gnu::noinline]] Outcome await_slowly(RingHeader& ring, Condition& condition, Ready&& ready) {
    context_.count_wait();
    if (!blocking_) context_.count_would_block();
    while (!ready()) {
      if (context_.abandoned()) return Outcome::closed;
      context_.count_extra_call();
      const std::uint32_t turn = condition.begin_waiting();
      leave<Logged>(ring, Outcome::done);
      traced<Logged>(context_, CallName::futex_wait, -1, 0,
                     [&] { return condition.sleep(turn, now_ns() + kPatienceNs); });
      if (!lock_.enter_among_several<Logged>(ring.monitor.mutex)) return Outcome::failed;
      condition.end_waiting();
    }
    return Outcome::done;
  }

  PeerContext& context_;
  bool blocking_;
  RobustLock lock_;
  CommonRing out_;
  CommonRing in_;
};

}  // namespace ipc
