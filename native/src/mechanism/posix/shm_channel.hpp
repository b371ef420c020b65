/// Channels over shared memory, one for each way of keeping the two sides in step.
#pragma once

#include <semaphore.h>
#include <sys/types.h>

#include <cerrno>

#include "mechanism/posix/ring_wait.hpp"
#include "mechanism/posix/spsc_ring.hpp"
#include "peer/context.hpp"

namespace ipc {

/// The rings of a peer: the one it pushes into and the one it pops from; null where it has none.
struct RingEnds {
  RingHeader* out = nullptr;
  RingHeader* in = nullptr;
};

/// The lock-free ring; `Wait` says what happens when it is full or empty.
template <class Wait>
class RingChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = true;

  RingChannel(PeerContext& context, const RingEnds& ends)
      : context_(context),
        wait_(context.page().sharing, !context.settings().pingpong()),
        blocking_(context.settings().blocking),
        // A side that a peer does not have is never used; the other ring stands in for it.
        out_(ends.out != nullptr ? ends.out : ends.in),
        in_(ends.in != nullptr ? ends.in : ends.out) {}

  template <bool Logged>
  Outcome send(const std::byte* message, std::size_t size) {
    for (;;) {
      const auto pushed = traced<Logged>(context_, CallName::ring_push, -1, size,
                                         [&] { return answer(out_.try_push(message, size), size); });
      if (pushed >= 0) [[likely]] {
        wait_.notify(out_.ring().consumer_asleep);
        return Outcome::done;
      }
      if (!wait_until<Logged>(out_.ring().producer_asleep, [&] { return !out_.full(); })) return Outcome::closed;
    }
  }

  template <bool Logged>
  Outcome receive(std::byte* message, std::size_t size) {
    for (;;) {
      const auto popped = traced<Logged>(context_, CallName::ring_pop, -1, size,
                                         [&] { return answer(in_.try_pop(message, size), size); });
      if (popped >= 0) [[likely]] {
        wait_.notify(in_.ring().producer_asleep);
        return Outcome::done;
      }
      if (in_.finished()) return Outcome::closed;
      const auto ready = [&] { return !in_.empty() || in_.finished(); };
      if (!wait_until<Logged>(in_.ring().consumer_asleep, ready)) return Outcome::closed;
    }
  }

  void finish_sending() {
    out_.close();
    wait_.notify(out_.ring().consumer_asleep);
  }

 private:
  static ssize_t answer(bool done, std::size_t size) {
    if (done) [[likely]] return static_cast<ssize_t>(size);
    errno = EAGAIN;
    return -1;
  }

  /// Waits for the other side; false when it is dead and nothing is left to do.
  template <bool Logged, class Ready>
  [[gnu::noinline]] bool wait_until(std::atomic<std::uint32_t>& asleep, Ready&& ready) {
    context_.count_wait();
    if (!blocking_) context_.count_would_block();
    while (!ready()) {
      if (context_.abandoned()) return false;
      if constexpr (Wait::kCallsKernel) context_.count_extra_call();
      traced<Logged>(context_, Wait::kCallsKernel ? CallName::futex_wait : CallName::spin, -1, 0, [&] {
        wait_.wait(asleep, ready);
        return 0;
      });
    }
    return true;
  }

  PeerContext& context_;
  Wait wait_;
  bool blocking_;
  RingProducer out_;
  RingConsumer in_;
};

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

/// One place in memory that the producer overwrites and the consumer reads, with nothing to keep them in step: what a
/// program gets that forgets to synchronise. Messages are really lost, read twice, and torn.
class SlotChannel {
 public:
  static constexpr bool kUnordered = true;
  static constexpr bool kCounts = false;

  SlotChannel(PeerContext& context, const RingEnds& ends)
      : context_(context), slot_(ends.out != nullptr ? ends.out : ends.in) {}

  template <bool Logged>
  Outcome send(const std::byte* message, std::size_t size) {
    if (context_.abandoned()) return Outcome::closed;
    traced<Logged>(context_, CallName::slot_store, -1, size, [&] {
      copy_message(slot_->data(), message, size);
      compiler_barrier();
      return static_cast<ssize_t>(size);
    });
    if (!begun_) [[unlikely]] {
      slot_->begun.store(1, std::memory_order_release);
      begun_ = true;
    }
    return Outcome::done;
  }

  template <bool Logged>
  Outcome receive(std::byte* message, std::size_t size) {
    // While the producer stands still there is nothing to learn from reading its last message over and over.
    while (!begun_ || context_.order() == Order::hold) {
      if (slot_->closed.load(std::memory_order_acquire) != 0 || context_.abandoned()) return Outcome::closed;
      begun_ = slot_->begun.load(std::memory_order_acquire) != 0;
      if (!begun_ || context_.order() == Order::hold) context_.sleep_briefly();
    }
    if (slot_->closed.load(std::memory_order_relaxed) != 0 || context_.abandoned()) return Outcome::closed;
    traced<Logged>(context_, CallName::slot_load, -1, size, [&] {
      compiler_barrier();
      copy_message(message, slot_->data(), size);
      return static_cast<ssize_t>(size);
    });
    return Outcome::done;
  }

  void finish_sending() { slot_->closed.store(1, std::memory_order_release); }

 private:
  /// Keeps the compiler from merging copies; the CPUs are left to do as they please.
  static void compiler_barrier() { asm volatile("" ::: "memory"); }

  PeerContext& context_;
  RingHeader* slot_;
  bool begun_ = false;
};

}  // namespace ipc
