/// The monitors of `sync mutex`: what is left when a process dies, where it is a real one.
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <new>

#include "check.hpp"
#include "mechanism/posix/common_mutex_channel.hpp"
#include "mechanism/posix/mutex_channel.hpp"
#include "mechanism/posix/ring_sync.hpp"

using namespace ipc;

namespace {

constexpr std::size_t kSize = 64;
constexpr std::uint64_t kSlots = 4;

Settings two_peers() {
  Settings settings;
  settings.producers = 1;
  settings.consumers = 1;
  return settings;
}

class SharedRing {
 public:
  SharedRing()
      : memory_(mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)),
        ring_(new (memory_) RingHeader) {
    ring_->slots = kSlots;
    ring_->stride = slot_stride(kSize);
    init_sync(*ring_);
  }
  ~SharedRing() { munmap(memory_, kBytes); }
  SharedRing(const SharedRing&) = delete;
  SharedRing& operator=(const SharedRing&) = delete;

  RingHeader& operator*() { return *ring_; }
  RingEnds producer() { return {ring_, nullptr}; }
  RingEnds consumer() { return {nullptr, ring_}; }

 private:
  static constexpr std::size_t kBytes = ring_bytes(kSlots, slot_stride(kSize));

  void* memory_;
  RingHeader* ring_;
};

using Message = std::array<std::byte, kSize>;

/// Runs `life` in another process, and waits for its end.
template <class Life>
void die_after(Life&& life) {
  const pid_t child = fork();
  if (child == 0) {
    life();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
}

}  // namespace

CASE("a producer that dies inside: what it had put in whole is taken, and the consumer is told") {
  PageMapping page(two_peers());
  SharedRing ring;
  die_after([&] {
    PeerContext context(*page, Role::producer, 0, 0);
    MutexChannel channel(context, ring.producer());
    Message message{};
    for (int i = 0; i < 3; ++i) {
      message[0] = static_cast<std::byte>(i);
      channel.send<false>(message.data(), kSize);
    }
    pthread_mutex_lock(&(*ring).monitor.mutex);
  });
  PeerContext context(*page, Role::consumer, 0, 1);
  MutexChannel channel(context, ring.consumer());
  Message message{};
  for (int i = 0; i < 3; ++i) {
    HOLDS(channel.receive<false>(message.data(), kSize) == Outcome::done);
    EQUAL(std::to_integer<int>(message[0]), i);
  }
  HOLDS(channel.receive<false>(message.data(), kSize) == Outcome::closed);
  EQUAL(page->slots[1].broken_errno.load(), EOWNERDEAD);
  // Consistent again: the next one gets in as if nothing had been.
  EQUAL(pthread_mutex_lock(&(*ring).monitor.mutex), 0);
  EQUAL(pthread_mutex_unlock(&(*ring).monitor.mutex), 0);
}

CASE("a consumer that dies inside: the producer sends no more, and is told") {
  PageMapping page(two_peers());
  SharedRing ring;
  die_after([&] { pthread_mutex_lock(&(*ring).monitor.mutex); });
  PeerContext context(*page, Role::producer, 0, 0);
  MutexChannel channel(context, ring.producer());
  const Message message{};
  HOLDS(channel.send<false>(message.data(), kSize) == Outcome::closed);
  EQUAL((*ring).head.load(), 0U);
  EQUAL(page->slots[0].broken_errno.load(), EOWNERDEAD);
  HOLDS(channel.send<false>(message.data(), kSize) == Outcome::closed);
  channel.finish_sending();
  EQUAL((*ring).closed.load(), 1U);
}

CASE("a consumer killed in its sleep: the producer fills the ring and ends once it hears of it") {
  PageMapping page(two_peers());
  SharedRing ring;
  const pid_t child = fork();
  if (child == 0) {
    PeerContext context(*page, Role::consumer, 0, 1);
    MutexChannel channel(context, ring.consumer());
    Message message{};
    channel.receive<false>(message.data(), kSize);
    _exit(0);
  }
  while (page->slots[1].waits.get() == 0) usleep(1000);
  // Counted while inside: once the mutex can be had, it is asleep.
  const int locked = pthread_mutex_lock(&(*ring).monitor.mutex);
  EQUAL(locked, 0);
  pthread_mutex_unlock(&(*ring).monitor.mutex);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  page->control.abandoned.store(1);
  PeerContext context(*page, Role::producer, 0, 0);
  MutexChannel channel(context, ring.producer());
  const Message message{};
  std::uint64_t sent = 0;
  while (channel.send<false>(message.data(), kSize) == Outcome::done) ++sent;
  EQUAL(sent, kSlots);
}

namespace {

Settings five_peers() {
  Settings settings;
  settings.pattern.assign("many_to_many");
  settings.producers = 2;
  settings.consumers = 3;
  return settings;
}

/// A process that takes messages until the end, and answers how many by its exit code.
pid_t start_consumer(PageMapping& page, SharedRing& ring, unsigned index) {
  const pid_t child = fork();
  if (child != 0) return child;
  PeerContext context(*page, Role::consumer, index, 2 + index);
  CommonMutexChannel<false> channel(context, ring.consumer());
  Message message{};
  int taken = 0;
  while (channel.receive<false>(message.data(), kSize) == Outcome::done) ++taken;
  _exit(taken);
}

}  // namespace

CASE("of several, one that dies inside: another one is told, and all go on") {
  PageMapping page(five_peers());
  SharedRing ring;
  die_after([&] {
    PeerContext context(*page, Role::producer, 1, 1);
    CommonMutexChannel<false> channel(context, ring.producer());
    Message message{};
    channel.send<false>(message.data(), kSize);
    pthread_mutex_lock(&(*ring).monitor.mutex);
  });
  PeerContext context(*page, Role::producer, 0, 0);
  CommonMutexChannel<false> channel(context, ring.producer());
  const Message message{};
  HOLDS(channel.send<false>(message.data(), kSize) == Outcome::done);
  EQUAL(page->slots[0].broken_errno.load(), EOWNERDEAD);
  PeerContext taker(*page, Role::consumer, 0, 2);
  CommonMutexChannel<false> out(taker, ring.consumer());
  Message taken{};
  HOLDS(out.receive<false>(taken.data(), kSize) == Outcome::done);
  HOLDS(out.receive<false>(taken.data(), kSize) == Outcome::done);
  EQUAL(page->slots[2].broken_errno.load(), 0);
}

CASE("of several consumers asleep, some are killed there: the others are still woken, and the end reaches them") {
  PageMapping page(five_peers());
  SharedRing ring;
  const std::array<pid_t, 3> consumers = {start_consumer(page, ring, 0), start_consumer(page, ring, 1),
                                          start_consumer(page, ring, 2)};
  const auto await_sleep = [&](unsigned index) {
    while (page->slots[2 + index].waits.get() == 0) usleep(1000);
    usleep(2000);
  };
  for (unsigned i = 0; i < 3; ++i) await_sleep(i);
  for (unsigned i = 0; i < 2; ++i) {
    kill(consumers[i], SIGKILL);
    waitpid(consumers[i], nullptr, 0);
  }
  PeerContext context(*page, Role::producer, 0, 0);
  CommonMutexChannel<false> channel(context, ring.producer());
  const Message message{};
  const std::uint64_t start = now_ns();
  for (int i = 0; i < 100; ++i) HOLDS(channel.send<false>(message.data(), kSize) == Outcome::done);
  // The second of the two producers ends first.
  page->finished_producers.fetch_add(1);
  channel.finish_sending();
  int status = 0;
  waitpid(consumers[2], &status, 0);
  EQUAL(WEXITSTATUS(status), 100);
  // Woken, and not by looking up now and then (20 ms each).
  HOLDS(now_ns() - start < 1000 * kNsPerMs);
}

CASE("of several who wait for the mutex, one is killed after it was woken: the next one gets in all the same") {
  PageMapping page(five_peers());
  SharedRing ring;
  pthread_mutex_t& mutex = (*ring).monitor.mutex;
  pthread_mutex_lock(&mutex);
  const auto start_waiter = [&](unsigned index) {
    const pid_t child = fork();
    if (child == 0) {
      PeerContext context(*page, Role::producer, index, index);
      CommonMutexChannel<false> channel(context, ring.producer());
      const Message message{};
      _exit(channel.send<false>(message.data(), kSize) == Outcome::done ? 0 : 1);
    }
    usleep(60'000);
    return child;
  };
  const pid_t first = start_waiter(0);
  const pid_t second = start_waiter(1);
  // Woken by the unlock, but on our own CPU and of the lowest class, it does not run before we have the mutex again.
  cpu_set_t before;
  cpu_set_t one;
  CPU_ZERO(&one);
  sched_getaffinity(0, sizeof before, &before);
  for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu) {
    if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
  }
  const sched_param none{};
  EQUAL(sched_setaffinity(first, sizeof one, &one), 0);
  EQUAL(sched_setscheduler(first, SCHED_IDLE, &none), 0);
  EQUAL(sched_setaffinity(0, sizeof one, &one), 0);
  pthread_mutex_unlock(&mutex);
  pthread_mutex_lock(&mutex);
  kill(first, SIGKILL);
  waitpid(first, nullptr, 0);
  pthread_mutex_unlock(&mutex);
  sched_setaffinity(0, sizeof before, &before);
  int status = -1;
  for (int i = 0; i < 500 && waitpid(second, &status, WNOHANG) == 0; ++i) usleep(10'000);
  if (status == -1) kill(second, SIGKILL);
  EQUAL(status, 0);
  EQUAL((*ring).head.load(), 1U);
}
