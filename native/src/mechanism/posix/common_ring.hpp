/// A ring whose indices all of its producers and consumers share.
#pragma once

#include <cstddef>
#include <cstdint>

#include "mechanism/posix/spsc_ring.hpp"

namespace ipc {

/// For whoever is alone with the ring: inside its monitor, or with its guard.
///
/// Where a message lies follows from its number alone, and the number changes once the message is whole: whoever dies at any
/// instruction leaves the ring in order. The supervisor reads the indices from outside, so they are atomic all the same.
class CommonRing {
 public:
  explicit CommonRing(RingHeader* ring) : ring_(ring) {}

  RingHeader& header() const { return *ring_; }
  bool full() const { return head() - tail() >= ring_->slots; }
  bool empty() const { return head() == tail(); }

  /// Answers the number of the message, from 1.
  std::uint64_t push(const std::byte* message, std::size_t size) {
    const std::uint64_t at = head();
    copy_message(slot(at), message, size);
    ring_->head.store(at + 1, std::memory_order_release);
    return at + 1;
  }

  void pop(std::byte* message, std::size_t size) {
    const std::uint64_t at = tail();
    copy_message(message, slot(at), size);
    ring_->tail.store(at + 1, std::memory_order_release);
  }

  /// Whether the message with this number was taken.
  bool took(std::uint64_t number) const { return tail() >= number; }

  /// Takes back the only message there is.
  void withdraw() { ring_->head.store(tail(), std::memory_order_release); }

  /// No more messages will follow.
  void close() { ring_->closed.store(1, std::memory_order_release); }
  bool closed() const { return ring_->closed.load(std::memory_order_acquire) != 0; }

 private:
  std::uint64_t head() const { return ring_->head.load(std::memory_order_acquire); }
  std::uint64_t tail() const { return ring_->tail.load(std::memory_order_acquire); }
  std::byte* slot(std::uint64_t number) const { return ring_->data() + number % ring_->slots * ring_->stride; }

  RingHeader* ring_;
};

}  // namespace ipc
