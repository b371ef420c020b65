/// A ring whose slots tell themselves whether they are filled, so that message and signal cross between the cores in one
/// cache line.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <new>

#include "mechanism/posix/spsc_ring.hpp"

namespace ipc {

/// The first word of an empty slot. (FastForward: Giacomoni, Moseley, Vachharajani, PPoPP 2008, whose mark is null.)
///
/// In Lamport's ring the consumer waits for the producer's index and then fetches the slot: two lines a message, one after the
/// other. Here it waits for the slot. A message may begin with anything, even with this word; then only the index tells
/// that it is there, which a waiting side looks at less often.
inline constexpr std::uint64_t kEmptySlot = ~std::uint64_t{0};

inline std::atomic<std::uint64_t>& first_word(std::byte* slot) {
  return *std::launder(reinterpret_cast<std::atomic<std::uint64_t>*>(slot));
}

/// Once, before anybody uses the ring.
inline void mark_slots_empty(RingHeader& ring) {
  for (std::uint64_t i = 0; i < ring.slots; ++i) {
    new (ring.data() + i * ring.stride) std::atomic<std::uint64_t>(kEmptySlot);
  }
}

class MarkedProducer {
 public:
  explicit MarkedProducer(RingHeader* ring) : ring_(ring), at_(*ring) {}

  RingHeader& ring() { return *ring_; }

  /// False when the ring is full. A consumer that is awake sees the message at once; `publish` tells everybody else.
  [[gnu::always_inline]] bool try_put(const std::byte* message, std::size_t size) {
    if (head_ - seen_tail_ >= ring_->slots && full()) [[unlikely]] return false;
    copy_behind_first_word(at_.slot(), message, size);
    std::uint64_t word = 0;
    std::memcpy(&word, message, std::min<std::size_t>(size, sizeof word));
    // release: the consumer that sees the word sees the rest.
    first_word(at_.slot()).store(word, std::memory_order_release);
    at_.advance();
    ++head_;
    return true;
  }

  void publish() { ring_->head.store(head_, std::memory_order_release); }

  /// acquire: the consumer had read the slot and marked it empty before we write to it.
  bool full() {
    seen_tail_ = ring_->tail.load(std::memory_order_acquire);
    return head_ - seen_tail_ >= ring_->slots;
  }

  void close() { ring_->closed.store(1, std::memory_order_release); }

 private:
  RingHeader* ring_;
  SlotCursor at_;
  std::uint64_t head_ = 0;
  std::uint64_t seen_tail_ = 0;
};

class MarkedConsumer {
 public:
  explicit MarkedConsumer(RingHeader* ring) : ring_(ring), at_(*ring) {}

  RingHeader& ring() { return *ring_; }

  /// Whether the slot itself tells of a message. acquire: pairs with the producer's release.
  bool glance() { return first_word(at_.slot()).load(std::memory_order_acquire) != kEmptySlot; }

  /// The next message where it lies, or null when none is known of. It stays there until `drop`.
  [[gnu::always_inline]] const std::byte* peek() {
    return glance() || seen_head_ > tail_ ? at_.slot() : nullptr;
  }

  /// Copies out the message that `peek` told of.
  [[gnu::always_inline]] void copy(std::byte* message, std::size_t size) {
    const std::uint64_t word = first_word(at_.slot()).load(std::memory_order_relaxed);
    std::memcpy(message, &word, std::min<std::size_t>(size, sizeof word));
    copy_behind_first_word(message, at_.slot(), size);
  }

  /// Lets go of it. Called when nothing is urgent: the mark takes the line away from the producer.
  void drop() {
    first_word(at_.slot()).store(kEmptySlot, std::memory_order_relaxed);
    at_.advance();
    ++tail_;
  }

  /// release: the mark is there, and our reading over, before the producer may see the slot free.
  void publish() { ring_->tail.store(tail_, std::memory_order_release); }

  /// Asks the index too.
  bool empty() {
    if (glance()) return false;
    seen_head_ = ring_->head.load(std::memory_order_acquire);
    return seen_head_ <= tail_;
  }

  bool finished() { return ring_->closed.load(std::memory_order_acquire) != 0 && empty(); }

 private:
  RingHeader* ring_;
  SlotCursor at_;
  std::uint64_t tail_ = 0;
  std::uint64_t seen_head_ = 0;
};

}  // namespace ipc
