/// The channel over the ring that publishes once for several messages: what it may hold back, and when no longer.
#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <thread>

#include "check.hpp"
#include "mechanism/posix/ring_channel.hpp"
#include "peer/loops.hpp"

using namespace ipc;

namespace {

constexpr std::size_t kSize = 64;
constexpr std::uint64_t kSlots = 4096;
constexpr std::uint64_t kGathered = 256;

using Message = std::array<std::byte, kSize>;

class Session {
 public:
  Session()
      : memory_(static_cast<std::byte*>(::operator new(ring_bytes(kSlots, kSize), std::align_val_t{64}))),
        ring_(new (memory_.get()) RingHeader) {
    ring_->slots = kSlots;
    ring_->stride = kSize;
  }

  StatsPage& page() { return *page_; }
  RingHeader& ring() { return *ring_; }
  RingEnds producer() { return {ring_, nullptr}; }
  RingEnds consumer() { return {nullptr, ring_}; }
  std::uint64_t head() const { return ring_->head.load(); }
  std::uint64_t tail() const { return ring_->tail.load(); }

 private:
  static Settings settings() {
    Settings settings;
    settings.size_bytes = kSize;
    settings.producers = 1;
    settings.consumers = 1;
    settings.stats = false;
    return settings;
  }

  struct Free {
    void operator()(std::byte* memory) const { ::operator delete(memory, std::align_val_t{64}); }
  };
  PageMapping page_{settings()};
  std::unique_ptr<std::byte, Free> memory_;
  RingHeader* ring_;
};

template <class Wait>
using Gathering = RingChannel<Wait, true>;
template <class Wait>
using InPlace = RingChannel<Wait, true, true>;

template <class Channel>
void send(Channel& channel, std::uint64_t messages) {
  const Message message{};
  for (std::uint64_t i = 0; i < messages; ++i) channel.template send<false>(message.data(), kSize);
}

template <class Channel>
void receive(Channel& channel, std::uint64_t messages) {
  Message message{};
  for (std::uint64_t i = 0; i < messages; ++i) channel.template receive<false>(message.data(), kSize);
}

/// Whether `messages` cross between two threads whole and in order.
template <class Wait, class Taking = Gathering<Wait>>
bool passes(std::uint64_t messages) {
  Session session;
  std::thread producer([&] {
    PeerContext context(session.page(), Role::producer, 0, 0);
    Gathering<Wait> channel(context, session.producer());
    Message message{};
    for (std::uint64_t number = 0; number < messages; ++number) {
      std::memcpy(message.data(), &number, sizeof number);
      channel.template send<false>(message.data(), kSize);
    }
    channel.finish_sending();
  });
  PeerContext context(session.page(), Role::consumer, 0, 1);
  Taking channel(context, session.consumer());
  Message message{};
  std::uint64_t expected = 0;
  bool in_order = true;
  while (channel.template receive<false>(message.data(), kSize) == Outcome::done) {
    const std::byte* at = message.data();
    if constexpr (requires { channel.message(); }) at = channel.message();
    std::uint64_t number = 0;
    std::memcpy(&number, at, sizeof number);
    in_order = in_order && number == expected++;
  }
  producer.join();
  return in_order && expected == messages && session.tail() == messages;
}

}  // namespace

CASE("messages are published together, and all of them when told to or at the end") {
  Session session;
  PeerContext context(session.page(), Role::producer, 0, 0);
  Gathering<FutexWait> channel(context, session.producer());
  send(channel, kGathered - 1);
  EQUAL(session.head(), 0U);
  send(channel, 1);
  EQUAL(session.head(), kGathered);
  send(channel, 10);
  channel.flush();
  EQUAL(session.head(), kGathered + 10);
  send(channel, 3);
  channel.finish_sending();
  EQUAL(session.head(), kGathered + 13);
}

CASE("nothing is held back from a consumer that sleeps") {
  Session session;
  PeerContext context(session.page(), Role::producer, 0, 0);
  Gathering<FutexWait> channel(context, session.producer());
  session.ring().consumer_asleep.store(1);
  send(channel, 1);
  EQUAL(session.head(), 1U);
  EQUAL(session.ring().consumer_asleep.load(), 0U);
}

CASE("a producer that sleeps for want of room is woken when half of the ring is free") {
  Session session;
  PeerContext producer(session.page(), Role::producer, 0, 0);
  Gathering<FutexWait> out(producer, session.producer());
  send(out, kSlots);
  EQUAL(session.head(), kSlots);
  PeerContext consumer(session.page(), Role::consumer, 0, 1);
  Gathering<FutexWait> in(consumer, session.consumer());
  session.ring().producer_asleep.store(1);
  receive(in, kSlots / 2 - 1);
  EQUAL(session.ring().producer_asleep.load(), 1U);
  receive(in, 1);
  EQUAL(session.tail(), kSlots / 2);
  EQUAL(session.ring().producer_asleep.load(), 0U);
}

CASE("what must not wait is published one by one: in a small ring, and great messages") {
  RingHeader ring;
  ring.slots = 7;
  ring.stride = 64;
  EQUAL(most_unpublished(ring), 1U);
  ring.slots = 100;
  EQUAL(most_unpublished(ring), 25U);
  ring.stride = 65'536;
  EQUAL(most_unpublished(ring), 1U);
}

CASE("a producer that is told to stand still holds nothing back") {
  Session session;
  Control& control = session.page().control;
  const auto order = [&](Order what) {
    control.order.store(what);
    control.epoch.fetch_add(1);
    futex_wake(control.epoch, 1);
  };
  order(Order::run);
  std::thread producer([&] {
    PeerContext context(session.page(), Role::producer, 0, 0);
    Gathering<FutexWait> channel(context, session.producer());
    produce_stream<false>(context, channel);
  });
  PeerContext context(session.page(), Role::consumer, 0, 1);
  Gathering<FutexWait> channel(context, session.consumer());
  std::uint64_t taken = 0;
  // By chance alone the count could be a whole number of gatherings; not five times in a row.
  for (int round = 0; round < 5; ++round) {
    receive(channel, 1000);
    taken += 1000;
    order(Order::hold);
    const PeerSlot& slot = session.page().slots[0];
    while (slot.parked_epoch.load() != control.epoch.load()) {
      if (session.head() == taken) continue;
      receive(channel, 1);
      ++taken;
    }
    EQUAL(session.head(), slot.messages.get());
    order(Order::run);
  }
  order(Order::stop);
  Message message{};
  while (channel.receive<false>(message.data(), kSize) == Outcome::done) ++taken;
  producer.join();
  EQUAL(taken, session.page().slots[0].messages.get());
}

CASE("two threads, in every way of waiting: nothing lost or reordered") {
  HOLDS(passes<SpinWait>(300'000));
  HOLDS(passes<FutexWait>(300'000));
  HOLDS(passes<AdaptiveWait>(300'000));
}

CASE("two threads, messages looked at where they lie: nothing lost, reordered or overwritten") {
  HOLDS((passes<SpinWait, InPlace<SpinWait>>(300'000)));
  HOLDS((passes<FutexWait, InPlace<FutexWait>>(300'000)));
}

CASE("a message that is looked at where it lies keeps its slot until the next one is asked for") {
  Session session;
  PeerContext producer(session.page(), Role::producer, 0, 0);
  PeerContext consumer(session.page(), Role::consumer, 0, 1);
  Gathering<SpinWait> out(producer, session.producer());
  InPlace<SpinWait> in(consumer, session.consumer());
  send(out, 2);
  out.flush();
  receive(in, 1);
  HOLDS(in.message() == session.ring().data());
  in.flush();
  EQUAL(session.tail(), 0U);
  receive(in, 1);
  HOLDS(in.message() == session.ring().data() + kSize);
  in.flush();
  EQUAL(session.tail(), 1U);
}
