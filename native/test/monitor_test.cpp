/// The monitor of `sync mutex`: what is left when one side dies, where the other process is a real one.
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <new>

#include "check.hpp"
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
