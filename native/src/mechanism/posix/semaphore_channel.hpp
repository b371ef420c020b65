/// A channel over a ring that two semaphores keep in step.
#pragma once

#include <semaphore.h>
#include <sys/types.h>

#include "mechanism/posix/ring_ends.hpp"
#include "peer/context.hpp"

namespace ipc {

/// The bounded buffer of the textbooks: one semaphore counts filled slots, the other vacant ones (Dijkstra 1965).
class SemaphoreChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = true;

  SemaphoreChannel(PeerContext& context, const RingEnds& ends)
      : context_(context),
        blocking_(context.settings().blocking),
        out_(ends.out != nullptr ? ends.out : ends.in),
        in_(ends.in != nullptr ? ends.in : ends.out) {}

  template <bool Logged>
  Outcome send(const std::byte* message, std::size_t size) {
    if (!take<Logged>(out_.ring().vacant)) return Outcome::closed;
    traced<Logged>(context_, CallName::ring_push, -1, size, [&] {
      out_.push_unchecked(message, size);
      return static_cast<ssize_t>(size);
    });
    traced<Logged>(context_, CallName::sem_post, -1, 0, [&] { return sem_post(&out_.ring().filled); });
    return Outcome::done;
  }

  template <bool Logged>
  Outcome receive(std::byte* message, std::size_t size) {
    if (!take<Logged>(in_.ring().filled)) return Outcome::closed;
    // The last token of all stands for no message but for the end.
    if (in_.finished()) return Outcome::closed;
    traced<Logged>(context_, CallName::ring_pop, -1, size, [&] {
      in_.pop_unchecked(message, size);
      return static_cast<ssize_t>(size);
    });
    traced<Logged>(context_, CallName::sem_post, -1, 0, [&] { return sem_post(&in_.ring().vacant); });
    return Outcome::done;
  }

  void finish_sending() {
    out_.close();
    sem_post(&out_.ring().filled);
  }

 private:
  static constexpr std::uint64_t kPatienceNs = 20 * kNsPerMs;

  template <bool Logged>
  bool take(sem_t& semaphore) {
    const int taken =
        traced<Logged>(context_, CallName::sem_trywait, -1, 0, [&] { return sem_trywait(&semaphore); });
    if (taken == 0) [[likely]] return true;
    return take_slowly<Logged>(semaphore);
  }

  template <bool Logged>
  [[gnu::noinline]] bool take_slowly(sem_t& semaphore) {
    context_.count_wait();
    if (!blocking_) context_.count_would_block();
    for (;;) {
      context_.count_extra_call();
      const int taken = traced<Logged>(context_, CallName::sem_wait, -1, 0, [&] {
        const timespec deadline = to_timespec(now_ns() + kPatienceNs);
        return sem_clockwait(&semaphore, CLOCK_MONOTONIC, &deadline);
      });
      if (taken == 0) return true;
      // The timeout is there to notice a dead peer, who posts no more.
      if (context_.abandoned()) return sem_trywait(&semaphore) == 0;
    }
  }

  PeerContext& context_;
  bool blocking_;
  RingProducer out_;
  RingConsumer in_;
};

}  // namespace ipc
