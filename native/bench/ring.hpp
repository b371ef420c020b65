/// A ring in shared memory for one producer and one consumer (Lamport 1977), messages copied in and out: the layout, the cached
/// index of the other side and the copy of 64 bytes are those of the helper's ring.
#pragma once

#include <pthread.h>
#include <semaphore.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "options.hpp"

namespace bare {

struct RingState {
  alignas(64) std::atomic<std::uint64_t> head{0};
  alignas(64) std::atomic<std::uint64_t> tail{0};
  alignas(64) std::atomic<std::uint32_t> consumer_asleep{0};
  alignas(64) std::atomic<std::uint32_t> producer_asleep{0};
  alignas(64) sem_t filled;
  alignas(64) sem_t vacant;
  alignas(64) pthread_mutex_t mutex;
  pthread_cond_t not_full;
  pthread_cond_t not_empty;
};

struct Ring {
  RingState* state = nullptr;
  char* slots = nullptr;
  std::uint64_t count = 0;
  std::uint64_t stride = 0;
};

/// memcpy of 64 bytes whose first 8 were just written: loaded apart from the rest, they come out of the store buffer at once.
inline void copy(char* to, const char* from, std::size_t size) {
  if (size != 64) {
    std::memcpy(to, from, size);
    return;
  }
  std::uint64_t number;
  std::memcpy(&number, from, 8);
  asm("" : "+r"(number));  // keeps the compiler from joining both copies into one
  std::memcpy(to, &number, 8);
  std::memcpy(to + 8, from + 8, 56);
}

/// A side's place among the slots.
class Cursor {
 public:
  explicit Cursor(const Ring& ring) : ring_(ring), at_(ring.slots), end_(ring.slots + ring.count * ring.stride) {}
  const Ring& ring() const { return ring_; }
  char* slot() const { return at_; }
  void advance() {
    at_ += ring_.stride;
    if (at_ == end_) at_ = ring_.slots;
    ++done_;
  }
  /// Messages put or taken so far.
  std::uint64_t done() const { return done_; }

 private:
  Ring ring_;
  char* at_;
  char* end_;
  std::uint64_t done_ = 0;
};

/// The lock-free ring. `Wait` says what a side does that finds it full or empty; each side publishes its index once for `batch`
/// messages, or when it has to wait.
template <class Wait>
class RingPort {
 public:
  static constexpr bool kLossy = false;
  RingPort(const Ring& out, const Ring& in, const Options& options)
      : out_(out), in_(in), wait_(options), batch_(options.pingpong() ? 1 : options.batch) {}

  void put(const char* data, std::size_t size) {
    RingState& state = *out_.ring().state;
    if (out_.done() - seen_tail_ >= out_.ring().count && full()) {
      publish_put();
      wait_.until(state.producer_asleep, [&] { return !full(); });
    }
    copy(out_.slot(), data, size);
    out_.advance();
    if (++held_ >= batch_) publish_put();
  }

  std::size_t take(char* data, std::size_t size) {
    RingState& state = *in_.ring().state;
    if (in_.done() == seen_head_ && empty()) {
      publish_taken();
      wait_.until(state.consumer_asleep, [&] { return !empty(); });
    }
    copy(data, in_.slot(), size);
    in_.advance();
    if (++held_ >= batch_) publish_taken();
    return size;
  }

  void flush() {
    if (out_.done() != 0) publish_put();
    if (in_.done() != 0) publish_taken();
  }

 private:
  bool full() {
    seen_tail_ = out_.ring().state->tail.load(std::memory_order_acquire);
    return out_.done() - seen_tail_ >= out_.ring().count;
  }
  bool empty() {
    seen_head_ = in_.ring().state->head.load(std::memory_order_acquire);
    return in_.done() == seen_head_;
  }
  void publish_put() {
    held_ = 0;
    out_.ring().state->head.store(out_.done(), std::memory_order_release);
    wait_.notify(out_.ring().state->consumer_asleep);
  }
  void publish_taken() {
    held_ = 0;
    in_.ring().state->tail.store(in_.done(), std::memory_order_release);
    wait_.notify(in_.ring().state->producer_asleep);
  }

  Cursor out_;
  Cursor in_;
  Wait wait_;
  std::uint64_t batch_;
  std::uint64_t held_ = 0;
  std::uint64_t seen_tail_ = 0;
  std::uint64_t seen_head_ = 0;
};

/// The bounded buffer by two semaphores (Dijkstra 1965). They alone say what is there.
class SemaphorePort {
 public:
  static constexpr bool kLossy = false;
  SemaphorePort(const Ring& out, const Ring& in) : out_(out), in_(in) {}

  void put(const char* data, std::size_t size) {
    while (sem_wait(&out_.ring().state->vacant) != 0) {
    }
    copy(out_.slot(), data, size);
    out_.advance();
    sem_post(&out_.ring().state->filled);
  }
  std::size_t take(char* data, std::size_t size) {
    while (sem_wait(&in_.ring().state->filled) != 0) {
    }
    copy(data, in_.slot(), size);
    in_.advance();
    sem_post(&in_.ring().state->vacant);
    return size;
  }

 private:
  Cursor out_;
  Cursor in_;
};

/// The bounded buffer as a monitor (Hoare 1974).
class MonitorPort {
 public:
  static constexpr bool kLossy = false;
  MonitorPort(const Ring& out, const Ring& in) : out_(out), in_(in) {}

  void put(const char* data, std::size_t size) {
    RingState& state = *out_.ring().state;
    pthread_mutex_lock(&state.mutex);
    while (out_.done() - state.tail.load(std::memory_order_relaxed) >= out_.ring().count) {
      pthread_cond_wait(&state.not_full, &state.mutex);
    }
    copy(out_.slot(), data, size);
    out_.advance();
    state.head.store(out_.done(), std::memory_order_relaxed);
    pthread_cond_signal(&state.not_empty);
    pthread_mutex_unlock(&state.mutex);
  }
  std::size_t take(char* data, std::size_t size) {
    RingState& state = *in_.ring().state;
    pthread_mutex_lock(&state.mutex);
    while (in_.done() == state.head.load(std::memory_order_relaxed)) {
      pthread_cond_wait(&state.not_empty, &state.mutex);
    }
    copy(data, in_.slot(), size);
    in_.advance();
    state.tail.store(in_.done(), std::memory_order_relaxed);
    pthread_cond_signal(&state.not_full);
    pthread_mutex_unlock(&state.mutex);
    return size;
  }

 private:
  Cursor out_;
  Cursor in_;
};

}  // namespace bare
