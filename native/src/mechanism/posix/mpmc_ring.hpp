/// A lock-free ring for any number of producers and consumers.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

#include "mechanism/posix/spsc_ring.hpp"

namespace ipc {

/// Distance of two of its slots: each begins with a number of its own, and lies in cache lines of its own, since its
/// neighbours are written by others.
constexpr std::uint64_t mpmc_stride(std::uint64_t message_bytes) {
  return (sizeof(std::atomic<std::uint64_t>) + message_bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
}

/// Vyukov's bounded queue (1024cores.net, 2010), in the memory of a RingHeader whose stride is `mpmc_stride`.
///
/// The number in a slot says whose turn it is: that of message n waits for its producer while it is n, and for its
/// consumer while it is n + 1. Whoever moves an index by compare-and-swap owns the slot until it changes the number. A
/// process that dies in between holds up all who come to this slot: they find the ring full or empty.
class MpmcRing {
 public:
  explicit MpmcRing(RingHeader* ring) : ring_(ring) {}

  /// Once, before anybody uses it.
  static void number_slots(RingHeader& ring) {
    for (std::uint64_t i = 0; i < ring.slots; ++i) new (ring.data() + i * ring.stride) std::atomic<std::uint64_t>(i);
  }

  RingHeader& header() const { return *ring_; }

  /// False when the ring is full.
  bool try_push(const std::byte* message, std::size_t size) {
    std::uint64_t at = 0;
    if (!claim(ring_->head, 0, at)) return false;
    copy_message(content(at), message, size);
    // release: whoever sees the number sees the message.
    turn(at).store(at + 1, std::memory_order_release);
    return true;
  }

  /// False when it is empty.
  bool try_pop(std::byte* message, std::size_t size) {
    std::uint64_t at = 0;
    if (!claim(ring_->tail, 1, at)) return false;
    copy_message(message, content(at), size);
    // release: our reading is over before the producer of the next round writes.
    turn(at).store(at + ring_->slots, std::memory_order_release);
    return true;
  }

  bool full() const { return !open(ring_->head.load(std::memory_order_relaxed), 0); }
  bool empty() const { return !open(ring_->tail.load(std::memory_order_relaxed), 1); }

  /// No more messages will follow. release: whoever sees it sees all of them.
  void close() { ring_->closed.store(1, std::memory_order_release); }
  /// Whether nothing is left and nothing will follow. The flag is asked first.
  bool finished() const { return ring_->closed.load(std::memory_order_acquire) != 0 && empty(); }

 private:
  std::byte* slot(std::uint64_t number) const { return ring_->data() + number % ring_->slots * ring_->stride; }
  std::atomic<std::uint64_t>& turn(std::uint64_t number) const {
    return *std::launder(reinterpret_cast<std::atomic<std::uint64_t>*>(slot(number)));
  }
  std::byte* content(std::uint64_t number) const { return slot(number) + sizeof(std::atomic<std::uint64_t>); }

  /// acquire: what the slot's last user did to it comes before.
  bool open(std::uint64_t number, std::uint64_t ahead) const {
    return turn(number).load(std::memory_order_acquire) >= number + ahead;
  }

  /// Takes the next number from an index, unless its slot is not ready for it.
  bool claim(std::atomic<std::uint64_t>& index, std::uint64_t ahead, std::uint64_t& number) {
    number = index.load(std::memory_order_relaxed);
    for (;;) {
      const std::uint64_t found = turn(number).load(std::memory_order_acquire);
      if (found < number + ahead) return false;
      if (found > number + ahead) {
        number = index.load(std::memory_order_relaxed);  // somebody else was first
      } else if (index.compare_exchange_weak(number, number + 1, std::memory_order_relaxed)) {
        return true;
      }
    }
  }

  RingHeader* ring_;
};

}  // namespace ipc
