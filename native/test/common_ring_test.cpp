/// The buffer that several producers and consumers share: every message goes to one of them, and all of them end.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <memory>
#include <new>
#include <thread>
#include <vector>

#include "check.hpp"
#include "mechanism/posix/common_mutex_channel.hpp"
#include "mechanism/posix/common_semaphore_channel.hpp"
#include "mechanism/posix/mpmc_channel.hpp"
#include "mechanism/posix/ring_sync.hpp"

using namespace ipc;

namespace {

constexpr std::size_t kSize = 64;
constexpr std::uint64_t kStride = mpmc_stride(kSize);
constexpr unsigned kProducers = 3;
constexpr unsigned kConsumers = 3;

using Message = std::array<std::byte, kSize>;

Settings several() {
  Settings settings;
  settings.size_bytes = kSize;
  settings.pattern.assign("many_to_many");
  settings.producers = kProducers;
  settings.consumers = kConsumers;
  return settings;
}

class Session {
 public:
  explicit Session(std::uint64_t slots)
      : memory_(static_cast<std::byte*>(::operator new(ring_bytes(slots, kStride), std::align_val_t{64}))),
        ring_(new (memory_.get()) RingHeader) {
    ring_->slots = slots;
    ring_->stride = kStride;
    init_sync(*ring_);
    MpmcRing::number_slots(*ring_);
  }

  StatsPage& page() { return *page_; }
  RingHeader& ring() { return *ring_; }
  RingEnds producer() { return {ring_, nullptr}; }
  RingEnds consumer() { return {nullptr, ring_}; }

 private:
  struct Free {
    void operator()(std::byte* memory) const { ::operator delete(memory, std::align_val_t{64}); }
  };
  PageMapping page_{several()};
  std::unique_ptr<std::byte, Free> memory_;
  RingHeader* ring_;
};

/// `messages` of each producer cross a buffer of so many slots; answers how many were taken once and in their sender's order.
template <class Channel>
std::uint64_t carried(std::uint64_t slots, std::uint64_t messages) {
  Session session(slots);
  std::vector<std::atomic<unsigned>> taken(kProducers * messages);
  std::atomic<bool> in_order = true;
  std::vector<std::thread> threads;
  for (unsigned index = 0; index < kProducers; ++index) {
    threads.emplace_back([&, index] {
      PeerContext context(session.page(), Role::producer, index, index);
      Channel channel(context, session.producer());
      Message message{};
      for (std::uint64_t i = 0; i < messages; ++i) {
        const std::uint64_t number = index * messages + i;
        std::memcpy(message.data(), &number, sizeof number);
        std::memcpy(message.data() + kSize - sizeof number, &number, sizeof number);
        channel.template send<false>(message.data(), kSize);
      }
      channel.finish_sending();
    });
  }
  for (unsigned index = 0; index < kConsumers; ++index) {
    threads.emplace_back([&, index] {
      PeerContext context(session.page(), Role::consumer, index, kProducers + index);
      Channel channel(context, session.consumer());
      Message message{};
      std::array<std::uint64_t, kProducers> next{};
      while (channel.template receive<false>(message.data(), kSize) == Outcome::done) {
        std::uint64_t number = 0;
        std::uint64_t stamp = 0;
        std::memcpy(&number, message.data(), sizeof number);
        std::memcpy(&stamp, message.data() + kSize - sizeof stamp, sizeof stamp);
        std::uint64_t& least = next[number / messages];
        if (stamp != number || number % messages < least) in_order = false;
        least = number % messages + 1;
        ++taken[number];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (!in_order) return 0;
  return static_cast<std::uint64_t>(
      std::count_if(taken.begin(), taken.end(), [](const std::atomic<unsigned>& times) { return times == 1; }));
}

}  // namespace

CASE("three producers and three consumers: each message goes to one of them, and every consumer sees the end") {
  for (const std::uint64_t slots : {1U, 2U, 7U, 1024U}) {
    EQUAL(carried<CommonMutexChannel<false>>(slots, 5000), kProducers * 5000U);
    EQUAL(carried<CommonSemaphoreChannel<false>>(slots, 5000), kProducers * 5000U);
  }
}

CASE("without a lock too, asleep or spinning") {
  for (const std::uint64_t slots : {2U, 3U, 64U, 1024U}) {
    EQUAL(carried<MpmcChannel<true>>(slots, 5000), kProducers * 5000U);
    EQUAL(carried<MpmcChannel<false>>(slots, 5000), kProducers * 5000U);
  }
}

CASE("a ring without a lock is full with as many messages as it has slots, and empty after as many") {
  Session session(3);
  MpmcRing ring(&session.ring());
  Message message{};
  for (int round = 0; round < 3; ++round) {
    HOLDS(ring.empty());
    HOLDS(!ring.try_pop(message.data(), kSize));
    for (int i = 0; i < 3; ++i) {
      HOLDS(!ring.full());
      message[0] = static_cast<std::byte>(10 * round + i);
      HOLDS(ring.try_push(message.data(), kSize));
    }
    HOLDS(ring.full());
    HOLDS(!ring.try_push(message.data(), kSize));
    for (int i = 0; i < 3; ++i) {
      HOLDS(ring.try_pop(message.data(), kSize));
      EQUAL(std::to_integer<int>(message[0]), 10 * round + i);
    }
  }
  HOLDS(!ring.finished());
  ring.try_push(message.data(), kSize);
  ring.close();
  HOLDS(!ring.finished());
  ring.try_pop(message.data(), kSize);
  HOLDS(ring.finished());
}

CASE("a place that somebody took and died with holds up the others until they are told, and no longer") {
  Session session(4);
  session.ring().head.store(1);  // message 0 was begun, and never came
  session.page().control.abandoned.store(1);
  PeerContext producer(session.page(), Role::producer, 0, 0);
  MpmcChannel<true> in(producer, session.producer());
  Message message{};
  for (int i = 0; i < 3; ++i) HOLDS(in.send<false>(message.data(), kSize) == Outcome::done);
  HOLDS(in.send<false>(message.data(), kSize) == Outcome::closed);
  PeerContext consumer(session.page(), Role::consumer, 0, kProducers);
  MpmcChannel<false> out(consumer, session.consumer());
  HOLDS(out.receive<false>(message.data(), kSize) == Outcome::closed);
}

CASE("a rendezvous of several: each sender meets one receiver") {
  EQUAL(carried<CommonMutexChannel<true>>(1, 3000), kProducers * 3000U);
  EQUAL(carried<CommonSemaphoreChannel<true>>(1, 3000), kProducers * 3000U);
}

namespace {

/// Whether a sender is still held up `held_ms` after it offered its message to nobody, and let go once it was taken.
template <class Channel>
bool waits_to_be_taken() {
  Session session(1);
  std::atomic<bool> returned = false;
  std::thread producer([&] {
    PeerContext context(session.page(), Role::producer, 0, 0);
    Channel channel(context, session.producer());
    const Message message{};
    channel.template send<false>(message.data(), kSize);
    returned = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  const bool held = !returned && session.ring().head.load() == 1 && session.ring().tail.load() == 0;
  PeerContext context(session.page(), Role::consumer, 0, kProducers);
  Channel channel(context, session.consumer());
  Message message{};
  channel.template receive<false>(message.data(), kSize);
  producer.join();
  return held && session.page().slots[0].waits.get() == 1;
}

}  // namespace

CASE("whoever sends in a rendezvous returns when its message was taken, and no sooner") {
  HOLDS(waits_to_be_taken<CommonMutexChannel<true>>());
  HOLDS(waits_to_be_taken<CommonSemaphoreChannel<true>>());
}

CASE("a message of a rendezvous that nobody will take any more is withdrawn") {
  Session session(1);
  session.page().control.abandoned.store(1);
  PeerContext context(session.page(), Role::producer, 0, 0);
  CommonMutexChannel<true> channel(context, session.producer());
  const Message message{};
  HOLDS(channel.send<false>(message.data(), kSize) == Outcome::closed);
  EQUAL(session.ring().head.load(), session.ring().tail.load());
}

CASE("abandoned, nobody waits for ever: not for room, not for messages, not for the guard of somebody dead") {
  Session session(2);
  session.page().control.abandoned.store(1);
  PeerContext context(session.page(), Role::producer, 0, 0);
  CommonMutexChannel<false> monitor(context, session.producer());
  const Message message{};
  EQUAL(monitor.send<false>(message.data(), kSize) == Outcome::done, true);
  EQUAL(monitor.send<false>(message.data(), kSize) == Outcome::done, true);
  EQUAL(monitor.send<false>(message.data(), kSize) == Outcome::closed, true);
  EQUAL(context.slot().waits.get(), 1U);
  PeerContext taker(session.page(), Role::consumer, 0, kProducers);
  CommonMutexChannel<false> out(taker, session.consumer());
  Message taken{};
  HOLDS(out.receive<false>(taken.data(), kSize) == Outcome::done);
  HOLDS(out.receive<false>(taken.data(), kSize) == Outcome::done);
  HOLDS(out.receive<false>(taken.data(), kSize) == Outcome::closed);

  Session other(2);
  other.page().control.abandoned.store(1);
  PeerContext sender(other.page(), Role::producer, 0, 0);
  CommonSemaphoreChannel<false> semaphores(sender, other.producer());
  sem_wait(&other.ring().guard);
  HOLDS(semaphores.send<false>(message.data(), kSize) == Outcome::closed);
  // Held up by the guard, not by a full buffer.
  EQUAL(sender.slot().waits.get(), 0U);
}

CASE("a condition is signalled for those who wait and were not signalled yet") {
  Condition condition;
  HOLDS(!condition.awaited());
  const std::uint32_t first = condition.begin_waiting();
  condition.begin_waiting();
  HOLDS(condition.awaited());
  EQUAL(condition.signal(), 0);
  HOLDS(condition.awaited());
  condition.signal();
  // Both were told, though neither is back yet: a third signal would find nobody.
  HOLDS(!condition.awaited());
  // Told before it fell asleep: it does not.
  EQUAL(condition.sleep(first, now_ns() + kNsPerSecond), -1);
  EQUAL(errno, EAGAIN);
  condition.end_waiting();
  condition.end_waiting();
  HOLDS(!condition.awaited());
  // Whoever comes back by the deadline alone leaves nothing behind either.
  const std::uint32_t turn = condition.begin_waiting();
  condition.sleep(turn, now_ns());
  EQUAL(errno, ETIMEDOUT);
  condition.end_waiting();
  condition.begin_waiting();
  HOLDS(condition.awaited());
  condition.broadcast();
  HOLDS(!condition.awaited());
}
