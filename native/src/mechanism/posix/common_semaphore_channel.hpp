/// A channel over a buffer that several producers and consumers share, kept in order by semaphores.
#pragma once

#include <sys/types.h>

#include "mechanism/posix/common_ring.hpp"
#include "mechanism/posix/ring_ends.hpp"
#include "mechanism/posix/semaphore_wait.hpp"
#include "peer/context.hpp"

namespace ipc {

/// The bounded buffer of the textbooks with any number of producers and consumers (Dijkstra 1965): besides the semaphores
/// that count filled and vacant slots a third, of one token, guards the ring.
///
/// `kMeets`: a rendezvous. There is one slot, and its sender gives it free itself, once a fourth semaphore has told that the
/// message was taken.
///
/// A semaphore has no owner: nobody is told when a process dies with a token, and those who wait for it give up when the
/// supervisor has told them of the death.
template <bool kMeets>
class CommonSemaphoreChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  CommonSemaphoreChannel(PeerContext& context, const RingEnds& ends)
      : context_(context),
        wait_(context),
        out_(ends.out != nullptr ? ends.out : ends.in),
        in_(ends.in != nullptr ? ends.in : ends.out) {}

  template <bool Logged>
  Outcome send(const std::byte* message, std::size_t size) {
    RingHeader& ring = out_.header();
    if (!wait_.take<Logged>(ring.vacant) || !enter<Logged>(ring)) return Outcome::closed;
    traced<Logged>(context_, CallName::ring_push, -1, size, [&] {
      out_.push(message, size);
      return static_cast<ssize_t>(size);
    });
    wait_.give<Logged>(ring.guard);
    wait_.give<Logged>(ring.filled);
    if constexpr (kMeets) {
      if (!wait_.take<Logged>(ring.taken)) return Outcome::closed;
      wait_.give<Logged>(ring.vacant);
    }
    return Outcome::done;
  }

  template <bool Logged>
  Outcome receive(std::byte* message, std::size_t size) {
    RingHeader& ring = in_.header();
    if (!wait_.take<Logged>(ring.filled) || !enter<Logged>(ring)) return Outcome::closed;
    // There are more tokens than messages only once the last producer has ended: one for each consumer.
    const bool ended = in_.empty();
    if (!ended) {
      traced<Logged>(context_, CallName::ring_pop, -1, size, [&] {
        in_.pop(message, size);
        return static_cast<ssize_t>(size);
      });
    }
    wait_.give<Logged>(ring.guard);
    if (ended) return Outcome::closed;
    wait_.give<Logged>(kMeets ? ring.taken : ring.vacant);
    return Outcome::done;
  }

  void finish_sending() {
    if (!context_.last_to_send()) return;
    for (std::uint64_t i = 0; i < context_.settings().consumers; ++i) wait_.give<false>(out_.header().filled);
  }

 private:
  /// Waiting for the guard is no wait for the channel.
  template <bool Logged>
  bool enter(RingHeader& ring) {
    return wait_.take<Logged, false>(ring.guard);
  }

  PeerContext& context_;
  SemaphoreWait wait_;
  CommonRing out_;
  CommonRing in_;
};

}  // namespace ipc
