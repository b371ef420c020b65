/// A channel over the lock-free ring.
#pragma once

#include <sys/types.h>

#include <algorithm>
#include <cerrno>

#include "mechanism/posix/marked_ring.hpp"
#include "mechanism/posix/ring_ends.hpp"
#include "mechanism/posix/ring_wait.hpp"
#include "peer/context.hpp"

namespace ipc {

/// How many messages a side may take or put before it publishes how many. Never more than a quarter of the ring, so that
/// the other side goes on meanwhile, nor than 64 KiB, whose copying takes some microseconds.
inline std::uint64_t most_unpublished(const RingHeader& ring) {
  constexpr std::uint64_t kMost = 256;
  constexpr std::uint64_t kMostBytes = 65'536;
  return std::max<std::uint64_t>(1, std::min({kMost, ring.slots / 4, kMostBytes / ring.stride}));
}

/// Lamport's ring, and the one of marked slots.
struct IndexedRing {
  using Producer = RingProducer;
  using Consumer = RingConsumer;
  static constexpr bool kMarked = false;
};
struct MarkedRing {
  using Producer = MarkedProducer;
  using Consumer = MarkedConsumer;
  static constexpr bool kMarked = true;
};

/// The lock-free ring; `Wait` says what happens when it is full or empty.
///
/// `kGathers`: each side of a stream publishes its index once for several messages, and so takes the cache line away from
/// the other less often. Only what is followed by more at once is held back: before a side waits for anything, be it the
/// ring, its schedule or an order, everything is published, and messages are as soon as the consumer sleeps. A producer
/// asleep for want of room is woken when half of the ring is free, as TCP does, and not for each single slot.
///
/// `kInPlace`, of consumers of a stream: a message is looked at where it lies (`message`), instead of being copied out, and its
/// slot is free when the next one is asked for. So do transports of shared memory that lend out their samples (iceoryx).
///
/// `Ring`: how the consumer learns of a message, from the index or from the slot.
template <class Wait, bool kGathers = false, bool kInPlace = false, class Ring = IndexedRing>
class RingChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = true;

  RingChannel(PeerContext& context, const RingEnds& ends)
      : context_(context),
        wait_({context.page().sharing, !context.settings().pingpong(), Ring::kMarked, context.slot().endpoint.send_fd,
               context.slot().endpoint.receive_fd}),
        blocking_(context.settings().blocking),
        // A side that a peer does not have is never used; the other ring stands in for it.
        out_(ends.out != nullptr ? ends.out : ends.in),
        in_(ends.in != nullptr ? ends.in : ends.out),
        most_held_(most_unpublished(out_.ring())) {}

  template <bool Logged>
  [[gnu::always_inline]] Outcome send(const std::byte* message, std::size_t size) {
    for (;;) {
      const auto put = traced<Logged>(context_, CallName::ring_push, -1, size,
                                      [&] { return answer(out_.try_put(message, size), size); });
      if (put >= 0) [[likely]] {
        if (may_hold_back() && out_.ring().consumer_asleep.load(std::memory_order_relaxed) == 0) return Outcome::done;
        publish_put<Logged>();
        return Outcome::done;
      }
      flush();
      const auto vacant = [&] { return !out_.full(); };
      if (!wait_until<Logged>(out_.ring().producer_asleep, vacant, vacant)) return Outcome::closed;
    }
  }

  template <bool Logged>
  [[gnu::always_inline]] Outcome receive(std::byte* message, std::size_t size) {
    if constexpr (kLetsGoLate) let_go<Logged>();
    for (;;) {
      const auto taken = traced<Logged>(context_, CallName::ring_pop, -1, size,
                                        [&] { return answer(take(message, size), size); });
      if (taken >= 0) [[likely]] {
        if (!kLetsGoLate && !may_hold_back()) publish_taken<Logged>();
        return Outcome::done;
      }
      flush();
      if (in_.finished()) return Outcome::closed;
      const auto ready = [&] { return !in_.empty() || in_.finished(); };
      const auto found = [&] { return in_.glance(); };
      if (!wait_until<Logged>(in_.ring().consumer_asleep, found, ready)) return Outcome::closed;
    }
  }

  /// The message that was received last.
  const std::byte* message() const
    requires kInPlace
  {
    return message_;
  }

  void finish_sending() {
    flush();
    out_.close();
    notify<false>(out_.ring().consumer_asleep);
  }

  /// Publishes what is held back. Only streams hold anything back, so it is known from the role where.
  void flush() {
    if (!kGathers || held_ == 0) return;
    if (context_.role() == Role::producer) {
      publish_put<false>();
    } else {
      publish_taken<false>();
    }
  }

 private:
  static constexpr bool kLetsGoLate = kInPlace || Ring::kMarked;
  static_assert(!(kInPlace && Ring::kMarked) && !(kGathers && Ring::kMarked), "only conversations have marked slots");

  static ssize_t answer(bool done, std::size_t size) {
    if (done) [[likely]] return static_cast<ssize_t>(size);
    errno = EAGAIN;
    return -1;
  }

  bool take(std::byte* message, std::size_t size) {
    if constexpr (kInPlace) {
      message_ = in_.peek();
      return message_ != nullptr;
    } else if constexpr (Ring::kMarked) {
      message_ = in_.peek();
      if (message_ == nullptr) return false;
      in_.copy(message, size);
      return true;
    } else {
      return in_.try_take(message, size);
    }
  }

  /// Frees the slot of the message that was received last. In a conversation it has been answered by then, so that no answer
  /// waits for that.
  template <bool Logged>
  void let_go() {
    if (message_ == nullptr) [[unlikely]] return;
    in_.drop();
    if (!may_hold_back()) publish_taken<Logged>();
  }

  /// Counts a message; answers whether it is not yet time to publish.
  bool may_hold_back() { return kGathers && ++held_ < most_held_; }

  template <bool Logged>
  void publish_put() {
    if constexpr (kGathers) held_ = 0;
    out_.publish();
    notify<Logged>(out_.ring().consumer_asleep);
  }

  template <bool Logged>
  void publish_taken() {
    if constexpr (kGathers) held_ = 0;
    in_.publish();
    std::atomic<std::uint32_t>& asleep = in_.ring().producer_asleep;
    if constexpr (Wait::kSleeps && kGathers) {
      if (wait_.must_wake(asleep) && in_.half_free()) [[unlikely]] wake<Logged>(asleep);
    } else {
      notify<Logged>(asleep);
    }
  }

  /// Called after every change of the published index.
  template <bool Logged>
  void notify(std::atomic<std::uint32_t>& asleep) {
    if constexpr (Wait::kSleeps) {
      if (wait_.must_wake(asleep)) [[unlikely]] wake<Logged>(asleep);
    }
  }

  template <bool Logged>
  [[gnu::noinline]] void wake(std::atomic<std::uint32_t>& asleep) {
    context_.count_extra_call();
    traced<Logged>(context_, Wait::kWakeCall, -1, 0, [&] { return wait_.wake(asleep); });
  }

  template <bool Logged, class Found>
  bool spin(Found&& found) {
    return traced<Logged>(context_, CallName::spin, -1, 0, [&] { return wait_.spin(found) ? 1 : 0; }) != 0;
  }

  /// Waits for the other side until `ready`; false when it is dead and nothing is left to do. `found` is what a spinning side
  /// asks, most of the time.
  template <bool Logged, class Found, class Ready>
  [[gnu::noinline]] bool wait_until(std::atomic<std::uint32_t>& asleep, Found&& found, Ready&& ready) {
    context_.count_wait();
    if (!blocking_) context_.count_would_block();
    for (;;) {
      if constexpr (Wait::kSpins) {
        if (wait_.spins() && spin<Logged>(found)) return true;
      }
      if (ready()) return true;
      if (context_.abandoned()) return false;
      if constexpr (Wait::kSleeps) {
        context_.count_extra_call();
        traced<Logged>(context_, Wait::kSleepCall, -1, 0, [&] { return wait_.sleep(asleep, ready); });
      }
    }
  }

  PeerContext& context_;
  Wait wait_;
  bool blocking_;
  typename Ring::Producer out_;
  typename Ring::Consumer in_;
  std::uint64_t most_held_;
  std::uint64_t held_ = 0;
  /// Of a channel that lets go late: the message that was received last.
  const std::byte* message_ = nullptr;
};

}  // namespace ipc
