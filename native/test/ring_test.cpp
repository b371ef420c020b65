#include <cstring>
#include <memory>
#include <new>
#include <thread>
#include <vector>

#include "check.hpp"
#include "mechanism/posix/ring_wait.hpp"
#include "mechanism/posix/spsc_ring.hpp"

using namespace ipc;

namespace {

class TestRing {
 public:
  TestRing(std::uint64_t slots, std::uint64_t message_bytes)
      : memory_(static_cast<std::byte*>(
            ::operator new(ring_bytes(slots, slot_stride(message_bytes)), std::align_val_t{64}))),
        ring_(new(memory_.get()) RingHeader) {
    ring_->slots = slots;
    ring_->stride = slot_stride(message_bytes);
  }
  RingHeader* get() { return ring_; }

 private:
  struct Free {
    void operator()(std::byte* memory) const { ::operator delete(memory, std::align_val_t{64}); }
  };
  std::unique_ptr<std::byte, Free> memory_;
  RingHeader* ring_;
};

void stamp(std::vector<std::byte>& message, std::uint64_t number) {
  std::memset(message.data(), static_cast<int>(number & 0xFF), message.size());
  std::memcpy(message.data(), &number, std::min<std::size_t>(8, message.size()));
}

bool push(RingProducer& out, const std::byte* message, std::size_t size) {
  if (!out.try_put(message, size)) return false;
  out.publish();
  return true;
}

bool pop(RingConsumer& in, std::byte* message, std::size_t size) {
  if (!in.try_take(message, size)) return false;
  in.publish();
  return true;
}

template <class Wait>
void notify(Wait& wait, std::atomic<std::uint32_t>& asleep) {
  if constexpr (Wait::kSleeps) {
    if (wait.must_wake(asleep)) wait.wake(asleep);
  }
}

template <class Wait, class Done>
void wait_for(Wait& wait, std::atomic<std::uint32_t>& asleep, Done&& done) {
  if constexpr (Wait::kSpins) {
    if (wait.spins() && wait.spin(done)) return;
  }
  if constexpr (Wait::kSleeps) wait.sleep(asleep, done);
}

/// Whether `messages` go through a ring of `slots` whole and in order, one thread pushing and one popping.
template <class Wait>
bool passes(std::uint64_t slots, std::size_t size, std::uint64_t messages) {
  TestRing memory(slots, size);
  RingHeader* ring = memory.get();
  std::thread producer([&] {
    RingProducer out(ring);
    Wait wait{WaitSetup{}};
    std::vector<std::byte> message(size);
    for (std::uint64_t number = 0; number < messages; ++number) {
      stamp(message, number);
      while (!push(out, message.data(), size)) wait_for(wait, ring->producer_asleep, [&] { return !out.full(); });
      notify(wait, ring->consumer_asleep);
    }
    out.close();
    notify(wait, ring->consumer_asleep);
  });
  RingConsumer in(ring);
  Wait wait{WaitSetup{}};
  std::vector<std::byte> message(size);
  std::vector<std::byte> expected(size);
  std::uint64_t number = 0;
  bool whole = true;
  for (;;) {
    if (pop(in, message.data(), size)) {
      notify(wait, ring->producer_asleep);
      stamp(expected, number++);
      whole = whole && message == expected;
    } else if (in.finished()) {
      break;
    } else {
      wait_for(wait, ring->consumer_asleep, [&] { return !in.empty() || in.finished(); });
    }
  }
  producer.join();
  return whole && number == messages;
}

}  // namespace

CASE("a ring holds as many messages as it has slots, and gives them back in order") {
  TestRing memory(3, 8);
  RingProducer out(memory.get());
  RingConsumer in(memory.get());
  std::vector<std::byte> message(8);
  for (std::uint64_t round = 0; round < 5; ++round) {
    for (std::uint64_t i = 0; i < 3; ++i) {
      stamp(message, round * 3 + i);
      HOLDS(push(out, message.data(), 8));
    }
    HOLDS(!push(out, message.data(), 8));
    for (std::uint64_t i = 0; i < 3; ++i) {
      HOLDS(pop(in, message.data(), 8));
      std::uint64_t number = 0;
      std::memcpy(&number, message.data(), 8);
      EQUAL(number, round * 3 + i);
    }
    HOLDS(!pop(in, message.data(), 8));
  }
}

CASE("a closed ring is finished only when it is empty") {
  TestRing memory(4, 8);
  RingProducer out(memory.get());
  RingConsumer in(memory.get());
  std::vector<std::byte> message(8);
  HOLDS(push(out, message.data(), 8));
  HOLDS(!in.finished());
  out.close();
  HOLDS(!in.finished());
  HOLDS(pop(in, message.data(), 8));
  HOLDS(in.finished());
}

CASE("slots of small messages are packed, others begin at a cache line") {
  EQUAL(slot_stride(1), 8U);
  EQUAL(slot_stride(24), 24U);
  EQUAL(slot_stride(64), 64U);
  EQUAL(slot_stride(65), 128U);
}

CASE("two threads, awake: nothing lost, torn or reordered") {
  HOLDS(passes<SpinWait>(1, 64, 5'000));
  HOLDS(passes<SpinWait>(7, 100, 100'000));
  HOLDS(passes<SpinWait>(1024, 8, 300'000));
}

CASE("two threads, asleep when there is nothing to do: no wake-up lost") {
  HOLDS(passes<FutexWait>(1, 64, 5'000));
  HOLDS(passes<FutexWait>(2, 24, 20'000));
  HOLDS(passes<FutexWait>(1024, 4096, 50'000));
}

CASE("two threads, awake first and then asleep: no wake-up lost") {
  HOLDS(passes<AdaptiveWait>(1, 64, 5'000));
  HOLDS(passes<AdaptiveWait>(2, 24, 20'000));
  HOLDS(passes<AdaptiveWait>(1024, 4096, 50'000));
}

CASE("the bound on spinning follows what spinning would have saved, between its ends") {
  SpinBound bound;
  EQUAL(bound.ns(), SpinBound::kSleepCostNs);
  // Waits longer than a sleep costs: next to no spinning is left, but some.
  for (int i = 0; i < 20; ++i) bound.slept(SpinBound::kSleepCostNs * 100);
  EQUAL(bound.ns(), SpinBound::kLeastNs);
  bound.waited(SpinBound::kLeastNs / 2);
  EQUAL(bound.ns(), 2 * SpinBound::kLeastNs);
  // Asleep, but only because the bound was too small for so short a wait.
  bound.slept(SpinBound::kSleepCostNs + SpinBound::kSleepCostNs / 2);
  EQUAL(bound.ns(), 4 * SpinBound::kLeastNs);
  bound.slept(SpinBound::kSleepCostNs * 3);
  EQUAL(bound.ns(), 2 * SpinBound::kLeastNs);
  for (int i = 0; i < 20; ++i) bound.waited(100);
  EQUAL(bound.ns(), SpinBound::kSleepCostNs);
}
