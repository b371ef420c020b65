/// A channel over the lock-free ring.
#pragma once

#include <sys/types.h>

#include <algorithm>
#include <cerrno>

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

/// The lock-free ring; `Wait` says what happens when it is full or empty.
///
/// `kGathers`: each side of a stream publishes its index once for several messages, and so takes the cache line away from
/// the other less often. Only what is followed by more at once is held back: before a side waits for anything, be it the
/// ring, its schedule or an order, everything is published, and messages are as soon as the consumer sleeps. A producer
/// asleep for want of room is woken when half of the ring is free, as TCP does, and not for each single slot.
///
/// `kInPlace`, of consumers of a stream: a message is looked at where it lies (`message`), instead of being copied out, and its
/// slot is free when the next one is asked for. So do transports of shared memory that lend out their samples (iceoryx).
template <class Wait, bool kGathers = false, bool kInPlace = false>
class RingChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = true;

  RingChannel(PeerContext& context, const RingEnds& ends)
      : context_(context),
        wait_({context.page().sharing, !context.settings().pingpong(), context.slot().endpoint.send_fd,
               context.slot().endpoint.receive_fd}),
        blocking_(context.settings().blocking),
        // A side that a peer does not have is never used; the other ring stands in for it.
        out_(ends.out != nullptr ? ends.out : ends.in),
        in_(ends.in != nullptr ? ends.in : ends.out),
        most_held_(context.settings().pingpong() ? 1 : most_unpublished(out_.ring())) {}

  template <bool Logged>
  Outcome send(const std::byte* message, std::size_t size) {
    for (;;) {
      const auto put = traced<Logged>(context_, CallName::ring_push, -1, size,
                                      [&] { return answer(out_.try_put(message, size), size); });
      if (put >= 0) [[likely]] {
        if (may_hold_back() && out_.ring().consumer_asleep.load(std::memory_order_relaxed) == 0) return Outcome::done;
        publish_put<Logged>();
        return Outcome::done;
      }
      flush();
      if (!wait_until<Logged>(out_.ring().producer_asleep, [&] { return !out_.full(); })) return Outcome::closed;
    }
  }

  template <bool Logged>
  Outcome receive(std::byte* message, std::size_t size) {
    if constexpr (kInPlace) let_go<Logged>();
    for (;;) {
      const auto taken = traced<Logged>(context_, CallName::ring_pop, -1, size,
                                        [&] { return answer(take(message, size), size); });
      if (taken >= 0) [[likely]] {
        if (!kInPlace && !may_hold_back()) publish_taken<Logged>();
        return Outcome::done;
      }
      flush();
      if (in_.finished()) return Outcome::closed;
      const auto ready = [&] { return !in_.empty() || in_.finished(); };
      if (!wait_until<Logged>(in_.ring().consumer_asleep, ready)) return Outcome::closed;
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
  static ssize_t answer(bool done, std::size_t size) {
    if (done) [[likely]] return static_cast<ssize_t>(size);
    errno = EAGAIN;
    return -1;
  }

  bool take(std::byte* message, std::size_t size) {
    if constexpr (kInPlace) {
      message_ = in_.peek();
      return message_ != nullptr;
    } else {
      return in_.try_take(message, size);
    }
  }

  /// Frees the slot of the message that was received last.
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

  template <bool Logged, class Ready>
  bool spin(Ready&& ready) {
    return traced<Logged>(context_, CallName::spin, -1, 0, [&] { return wait_.spin(ready) ? 1 : 0; }) != 0;
  }

  /// Waits for the other side; false when it is dead and nothing is left to do.
  template <bool Logged, class Ready>
  [[gnu::noinline]] bool wait_until(std::atomic<std::uint32_t>& asleep, Ready&& ready) {
    context_.count_wait();
    if (!blocking_) context_.count_would_block();
    while (!ready()) {
      if (context_.abandoned()) return false;
      if constexpr (Wait::kSpins) {
        if (wait_.spins() && spin<Logged>(ready)) return true;
      }
      if constexpr (Wait::kSleeps) {
        context_.count_extra_call();
        traced<Logged>(context_, Wait::kSleepCall, -1, 0, [&] { return wait_.sleep(asleep, ready); });
      }
    }
    return true;
  }

  PeerContext& context_;
  Wait wait_;
  bool blocking_;
  RingProducer out_;
  RingConsumer in_;
  std::uint64_t most_held_;
  std::uint64_t held_ = 0;
  /// Of a channel that leaves messages where they lie.
  const std::byte* message_ = nullptr;
};

}  // namespace ipc
