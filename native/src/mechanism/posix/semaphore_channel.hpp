/// A channel over a ring that two semaphores keep in step.
#pragma once

#include <sys/types.h>

#include "mechanism/posix/ring_ends.hpp"
#include "mechanism/posix/semaphore_wait.hpp"
#include "peer/context.hpp"

namespace ipc {

/// The bounded buffer of the textbooks: one semaphore counts filled slots, the other vacant ones (Dijkstra 1965).
class SemaphoreChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = true;

  SemaphoreChannel(PeerContext& context, const RingEnds& ends)
      : context_(context),
        wait_(context),
        out_(ends.out != nullptr ? ends.out : ends.in),
        in_(ends.in != nullptr ? ends.in : ends.out) {}

  template <bool Logged>
  Outcome send(const std::byte* message, std::size_t size) {
    if (!wait_.take<Logged>(out_.ring().vacant)) return Outcome::closed;
    traced<Logged>(context_, CallName::ring_push, -1, size, [&] {
      out_.push_unchecked(message, size);
      return static_cast<ssize_t>(size);
    });
    wait_.give<Logged>(out_.ring().filled);
    return Outcome::done;
  }

  template <bool Logged>
  Outcome receive(std::byte* message, std::size_t size) {
    if (!wait_.take<Logged>(in_.ring().filled)) return Outcome::closed;
    // The last token of all stands for no message but for the end.
    if (in_.finished()) return Outcome::closed;
    traced<Logged>(context_, CallName::ring_pop, -1, size, [&] {
      in_.pop_unchecked(message, size);
      return static_cast<ssize_t>(size);
    });
    wait_.give<Logged>(in_.ring().vacant);
    return Outcome::done;
  }

  void finish_sending() {
    out_.close();
    wait_.give<false>(out_.ring().filled);
  }

 private:
  PeerContext& context_;
  SemaphoreWait wait_;
  RingProducer out_;
  RingConsumer in_;
};

}  // namespace ipc
