/// A channel over shared memory without any synchronisation.
#pragma once

#include <sys/types.h>

#include "mechanism/posix/ring_ends.hpp"
#include "peer/context.hpp"

namespace ipc {

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
