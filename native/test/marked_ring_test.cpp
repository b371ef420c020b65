/// Conversations over rings whose slots tell themselves whether they are filled.
#include <cstring>
#include <memory>
#include <new>
#include <thread>
#include <vector>

#include "check.hpp"
#include "mechanism/posix/ring_channel.hpp"

using namespace ipc;

namespace {

template <class Wait>
using Channel = RingChannel<Wait, false, false, MarkedRing>;
using Bytes = std::vector<std::byte>;

class TestRing {
 public:
  TestRing(std::uint64_t slots, std::size_t size)
      : memory_(static_cast<std::byte*>(::operator new(ring_bytes(slots, slot_stride(size)), std::align_val_t{64}))),
        ring_(new (memory_.get()) RingHeader) {
    ring_->slots = slots;
    ring_->stride = slot_stride(size);
    mark_slots_empty(*ring_);
  }
  RingHeader* get() { return ring_; }

 private:
  struct Free {
    void operator()(std::byte* memory) const { ::operator delete(memory, std::align_val_t{64}); }
  };
  std::unique_ptr<std::byte, Free> memory_;
  RingHeader* ring_;
};

struct Conversation {
  Conversation(std::uint64_t slots, std::size_t size) : forth(slots, size), back(slots, size) {}

  static Settings settings() {
    Settings settings;
    settings.producers = 1;
    settings.consumers = 1;
    settings.pattern.assign("pingpong");
    return settings;
  }

  PageMapping page{settings()};
  TestRing forth;
  TestRing back;
  PeerContext asks{*page, Role::producer, 0, 0};
  PeerContext answers{*page, Role::consumer, 0, 1};
  RingEnds asking() { return {forth.get(), back.get()}; }
  RingEnds answering() { return {back.get(), forth.get()}; }
};

/// Message `number`. Every third is made of the byte that marks a slot as empty.
Bytes text(std::uint64_t number, std::size_t size) {
  return Bytes(size, static_cast<std::byte>(number % 3 == 0 ? 0xFF : number & 0xFF));
}

/// Whether so many messages go there and come back whole, each in its turn.
template <class Wait>
bool converses(std::uint64_t slots, std::size_t size, std::uint64_t messages) {
  Conversation session(slots, size);
  std::thread answering([&] {
    Channel<Wait> channel(session.answers, session.answering());
    Bytes message(size);
    while (channel.template receive<false>(message.data(), size) == Outcome::done) {
      channel.template send<false>(message.data(), size);
    }
  });
  Channel<Wait> channel(session.asks, session.asking());
  Bytes answer(size);
  bool whole = true;
  for (std::uint64_t number = 0; number < messages; ++number) {
    const Bytes message = text(number, size);
    channel.template send<false>(message.data(), size);
    whole = whole && channel.template receive<false>(answer.data(), size) == Outcome::done && answer == message;
  }
  channel.finish_sending();
  answering.join();
  return whole;
}

}  // namespace

CASE("messages of all sizes go there and come back, also those that begin like an empty slot") {
  for (const std::size_t size : {1, 7, 8, 9, 24, 63, 64, 65, 200, 4096}) {
    HOLDS(converses<AdaptiveWait>(16, size, 100));
  }
}

CASE("one slot, several, and many rounds through them; awake, asleep, and both") {
  for (const std::uint64_t slots : {1, 2, 7}) {
    HOLDS(converses<AdaptiveWait>(slots, 64, 3'000));
    HOLDS(converses<FutexWait>(slots, 64, 1'000));
  }
  HOLDS(converses<SpinWait>(5, 64, 1'000));
}

CASE("a slot is empty again before its producer may write to it") {
  TestRing memory(2, 64);
  MarkedProducer out(memory.get());
  MarkedConsumer in(memory.get());
  const Bytes message = text(1, 64);
  Bytes taken(64);
  for (int round = 0; round < 5; ++round) {
    HOLDS(in.peek() == nullptr);
    HOLDS(out.try_put(message.data(), 64));
    HOLDS(in.glance());
    HOLDS(out.try_put(message.data(), 64));
    out.publish();
    HOLDS(!out.try_put(message.data(), 64));
    for (int i = 0; i < 2; ++i) {
      HOLDS(in.peek() != nullptr);
      in.copy(taken.data(), 64);
      HOLDS(taken == message);
      in.drop();
    }
    HOLDS(!out.try_put(message.data(), 64));
    in.publish();
  }
}

CASE("a message that begins like an empty slot is told by the index alone") {
  TestRing memory(4, 64);
  MarkedProducer out(memory.get());
  MarkedConsumer in(memory.get());
  const Bytes message = text(0, 64);
  Bytes taken(64);
  HOLDS(out.try_put(message.data(), 64));
  HOLDS(!in.glance());
  HOLDS(in.empty());
  out.publish();
  HOLDS(!in.glance());
  HOLDS(!in.empty());
  HOLDS(in.peek() != nullptr);
  in.copy(taken.data(), 64);
  in.drop();
  HOLDS(taken == message);
  // What the index told is not taken for a message that comes later.
  HOLDS(out.try_put(text(1, 64).data(), 64));
  HOLDS(in.peek() != nullptr);
  in.drop();
  HOLDS(in.peek() == nullptr);
}

CASE("closed, it is finished only when it is empty") {
  TestRing memory(4, 64);
  MarkedProducer out(memory.get());
  MarkedConsumer in(memory.get());
  HOLDS(out.try_put(text(1, 64).data(), 64));
  out.publish();
  out.close();
  HOLDS(!in.finished());
  HOLDS(in.peek() != nullptr);
  in.drop();
  HOLDS(in.finished());
}
