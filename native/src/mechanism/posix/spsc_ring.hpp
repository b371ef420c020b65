/// A ring for one producer and one consumer in shared memory, with fixed slots that messages are copied into and out of.
///
/// Lamport's queue (1977) with each side's copy of the other's index: an index is read across cores only when the copy
/// says full or empty. Every word that one side writes often has a cache line of its own.
#pragma once

#include <pthread.h>
#include <semaphore.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "mechanism/posix/condition.hpp"

namespace ipc {

inline constexpr std::size_t kCacheLine = 64;

/// For the textbook's monitor.
struct Monitor {
  pthread_mutex_t mutex;
  pthread_cond_t not_full;
  pthread_cond_t not_empty;
};

/// At the start of the ring's memory; the slots follow.
struct RingHeader {
  std::uint64_t slots = 0;
  std::uint64_t stride = 0;

  /// Messages pushed so far; written by the producer.
  alignas(kCacheLine) std::atomic<std::uint64_t> head{0};
  /// Messages popped so far; written by the consumer.
  alignas(kCacheLine) std::atomic<std::uint64_t> tail{0};
  /// Futex words: 1 while the side sleeps or is about to.
  alignas(kCacheLine) std::atomic<std::uint32_t> consumer_asleep{0};
  alignas(kCacheLine) std::atomic<std::uint32_t> producer_asleep{0};
  /// The producer will push no more.
  alignas(kCacheLine) std::atomic<std::uint32_t> closed{0};
  /// The producer has stored at least once; for a slot without order.
  std::atomic<std::uint32_t> begun{0};
  /// For the textbook's bounded buffer; `guard` keeps several producers and consumers apart, `taken` tells the sender of a
  /// rendezvous that its message was taken.
  alignas(kCacheLine) sem_t filled;
  sem_t guard;
  alignas(kCacheLine) sem_t vacant;
  sem_t taken;
  alignas(kCacheLine) Monitor monitor;
  /// Of the monitor of several producers and consumers.
  CommonConditions conditions;

  std::byte* data() { return reinterpret_cast<std::byte*>(this) + sizeof(RingHeader); }
};
static_assert(sizeof(RingHeader) % kCacheLine == 0);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "a lock would not work between processes");

/// Distance of two slots: whole cache lines, so that the two sides never write and read in the same one; small messages
/// are packed, which costs that and saves memory traffic.
constexpr std::uint64_t slot_stride(std::uint64_t message_bytes) {
  const std::uint64_t unit = message_bytes < kCacheLine ? 8 : kCacheLine;
  return (message_bytes + unit - 1) / unit * unit;
}

/// Bytes of memory that a ring takes.
constexpr std::uint64_t ring_bytes(std::uint64_t slots, std::uint64_t stride) {
  const std::uint64_t bytes = sizeof(RingHeader) + slots * stride;
  return (bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
}

/// Copies a word on its own: the compiler is kept from joining it with its neighbours into one vector. A header was just written
/// word by word, and a wider load would have to wait until those stores have left the store buffer.
inline void copy_word(std::byte* to, const std::byte* from, std::size_t at) {
  std::uint64_t word;
  std::memcpy(&word, from + at, sizeof word);
  asm("" : "+r"(word));
  std::memcpy(to + at, &word, sizeof word);
}

/// What follows the first 8 bytes of a message. memcpy, with the size that matters most known to the compiler.
[[gnu::always_inline]] inline void copy_behind_first_word(std::byte* to, const std::byte* from, std::size_t size) {
  if (size == 64) [[likely]] {
    copy_word(to, from, 8);
    copy_word(to, from, 16);
    copy_word(to, from, 24);
    std::memcpy(to + 32, from + 32, 32);
  } else if (size > 8) {
    std::memcpy(to + 8, from + 8, size - 8);
  }
}

/// memcpy of a whole message.
[[gnu::always_inline]] inline void copy_message(std::byte* to, const std::byte* from, std::size_t size) {
  if (size != 64) {
    std::memcpy(to, from, size);
    return;
  }
  copy_word(to, from, 0);
  copy_behind_first_word(to, from, 64);
}

/// A side's place among the slots.
class SlotCursor {
 public:
  explicit SlotCursor(RingHeader& ring)
      : first_(ring.data()), end_(first_ + ring.slots * ring.stride), at_(first_), stride_(ring.stride) {}

  std::byte* slot() const { return at_; }
  void advance() {
    at_ += stride_;
    if (at_ == end_) at_ = first_;
  }

 private:
  std::byte* first_;
  std::byte* end_;
  std::byte* at_;
  std::uint64_t stride_;
};

class RingProducer {
 public:
  explicit RingProducer(RingHeader* ring) : ring_(ring), at_(*ring) {}

  RingHeader& ring() { return *ring_; }

  /// For callers who know otherwise that a slot is free; publishes too.
  void push_unchecked(const std::byte* message, std::size_t size) {
    put(message, size);
    publish();
  }

  /// False when the ring is full. The consumer is told by `publish`.
  [[gnu::always_inline]] bool try_put(const std::byte* message, std::size_t size) {
    if (head_ - seen_tail_ >= ring_->slots && full()) [[unlikely]] return false;
    put(message, size);
    return true;
  }

  /// release: the consumer that sees the new head sees the messages.
  void publish() { ring_->head.store(head_, std::memory_order_release); }

  /// Asks the consumer's index anew. acquire: what the consumer read from the slot, it read before we overwrite it.
  bool full() {
    seen_tail_ = ring_->tail.load(std::memory_order_acquire);
    return head_ - seen_tail_ >= ring_->slots;
  }

  /// No more messages will follow. release: whoever sees it sees the last head.
  void close() { ring_->closed.store(1, std::memory_order_release); }

 private:
  void put(const std::byte* message, std::size_t size) {
    copy_message(at_.slot(), message, size);
    at_.advance();
    ++head_;
  }

  RingHeader* ring_;
  SlotCursor at_;
  std::uint64_t head_ = 0;
  std::uint64_t seen_tail_ = 0;
};

class RingConsumer {
 public:
  explicit RingConsumer(RingHeader* ring) : ring_(ring), at_(*ring) {}

  RingHeader& ring() { return *ring_; }

  /// For callers who know otherwise that a slot is filled; publishes too.
  void pop_unchecked(std::byte* message, std::size_t size) {
    take(message, size);
    publish();
  }

  /// False when the ring is empty. The producer is told by `publish`.
  [[gnu::always_inline]] bool try_take(std::byte* message, std::size_t size) {
    if (tail_ == seen_head_ && empty()) [[unlikely]] return false;
    take(message, size);
    return true;
  }

  /// The next message where it lies, or null when the ring is empty. It stays there until `drop`.
  const std::byte* peek() {
    if (tail_ == seen_head_ && empty()) [[unlikely]] return nullptr;
    return at_.slot();
  }

  /// Lets go of the message that `peek` told of. The producer is told by `publish`.
  void drop() {
    at_.advance();
    ++tail_;
  }

  /// release: our reading of the slots is over before the producer may see them free.
  void publish() { ring_->tail.store(tail_, std::memory_order_release); }

  /// Whether there is a message, for a side that spins.
  bool glance() { return !empty(); }

  /// Asks the producer's index anew. acquire: pairs with its release, so that the messages up to it can be read.
  bool empty() {
    seen_head_ = ring_->head.load(std::memory_order_acquire);
    return tail_ == seen_head_;
  }

  /// Whether the producer has room for half the ring. Cheap only while it stands still.
  bool half_free() const { return (ring_->head.load(std::memory_order_relaxed) - tail_) * 2 <= ring_->slots; }

  /// Whether nothing is left and nothing will follow. The flag is asked first: what was pushed before it is then seen.
  bool finished() { return ring_->closed.load(std::memory_order_acquire) != 0 && empty(); }

 private:
  void take(std::byte* message, std::size_t size) {
    copy_message(message, at_.slot(), size);
    drop();
  }

  RingHeader* ring_;
  SlotCursor at_;
  std::uint64_t tail_ = 0;
  std::uint64_t seen_head_ = 0;
};

}  // namespace ipc
