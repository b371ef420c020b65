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

/// Whether `messages` go through a ring of `slots` whole and in order, one thread pushing and one popping.
template <class Wait>
bool passes(std::uint64_t slots, std::size_t size, std::uint64_t messages) {
  TestRing memory(slots, size);
  RingHeader* ring = memory.get();
  std::thread producer([&] {
    RingProducer out(ring);
    Wait wait(CpuSharing::some, true);
    std::vector<std::byte> message(size);
    for (std::uint64_t number = 0; number < messages; ++number) {
      stamp(message, number);
      while (!out.try_push(message.data(), size)) wait.wait(ring->producer_asleep, [&] { return !out.full(); });
      wait.notify(ring->consumer_asleep);
    }
    out.close();
    wait.notify(ring->consumer_asleep);
  });
  RingConsumer in(ring);
  Wait wait(CpuSharing::some, true);
  std::vector<std::byte> message(size);
  std::vector<std::byte> expected(size);
  std::uint64_t number = 0;
  bool whole = true;
  for (;;) {
    if (in.try_pop(message.data(), size)) {
      wait.notify(ring->producer_asleep);
      stamp(expected, number++);
      whole = whole && message == expected;
    } else if (in.finished()) {
      break;
    } else {
      wait.wait(ring->consumer_asleep, [&] { return !in.empty() || in.finished(); });
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
      HOLDS(out.try_push(message.data(), 8));
    }
    HOLDS(!out.try_push(message.data(), 8));
    for (std::uint64_t i = 0; i < 3; ++i) {
      HOLDS(in.try_pop(message.data(), 8));
      std::uint64_t number = 0;
      std::memcpy(&number, message.data(), 8);
      EQUAL(number, round * 3 + i);
    }
    HOLDS(!in.try_pop(message.data(), 8));
  }
}

CASE("a closed ring is finished only when it is empty") {
  TestRing memory(4, 8);
  RingProducer out(memory.get());
  RingConsumer in(memory.get());
  std::vector<std::byte> message(8);
  HOLDS(out.try_push(message.data(), 8));
  HOLDS(!in.finished());
  out.close();
  HOLDS(!in.finished());
  HOLDS(in.try_pop(message.data(), 8));
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
