/// Several processes on datagram sockets: who marks the end, who waits for room, and what a gone owner means.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "check.hpp"
#include "mechanism/linux/mailbox_channel.hpp"
#include "mechanism/posix/socket.hpp"

using namespace ipc;

namespace {

constexpr std::size_t kSize = 64;

Settings settings_of(const char* pattern, std::uint64_t producers, std::uint64_t consumers) {
  Settings settings;
  settings.pattern.assign(pattern);
  settings.verify.assign("sequence");
  settings.address.assign("abstract");
  settings.size_bytes = kSize;
  settings.producers = producers;
  settings.consumers = consumers;
  return settings;
}

/// A mailbox with a name of this test's own, and a sender that knows the name.
struct Post {
  explicit Post(const Settings& settings) : page(settings), name(settings, getpid(), "test-mailbox") {
    owner = socket(AF_UNIX, SOCK_DGRAM, 0);
    name.bind_to(owner);
    sender = socket(AF_UNIX, SOCK_DGRAM | (settings.blocking ? 0 : SOCK_NONBLOCK), 0);
    for (std::size_t i = 0; i < settings.producers; ++i) page->slots[i].endpoint = {sender, -1};
  }
  ~Post() {
    close_owner();
    close(sender);
  }
  void close_owner() {
    if (owner >= 0) close(owner);
    owner = -1;
  }

  /// The size of the next datagram that lies in the mailbox; -1: none.
  ssize_t taken() const {
    std::byte message[kSize];
    return recv(owner, message, sizeof message, MSG_DONTWAIT | MSG_TRUNC);
  }

  PageMapping page;
  UnixName name;
  int owner = -1;
  int sender = -1;
};

}  // namespace

CASE("the producer that finishes last marks the end, for all") {
  Post post(settings_of("fan_in", 2, 1));
  PeerContext first(*post.page, Role::producer, 0, 0);
  PeerContext last(*post.page, Role::producer, 1, 1);
  MailboxChannel(first, {post.name}).finish_sending();
  EQUAL(post.taken(), -1);
  HOLDS(post.page->slots[0].finished_ns.get() != 0);
  MailboxChannel(last, {post.name}).finish_sending();
  EQUAL(post.taken(), 0);
  EQUAL(post.taken(), -1);
}

CASE("owners that share a mailbox each find a mark") {
  Post post(settings_of("fan_out", 1, 3));
  PeerContext context(*post.page, Role::producer, 0, 0);
  MailboxChannel(context, {post.name}).finish_sending();
  for (int i = 0; i < 3; ++i) EQUAL(post.taken(), 0);
  EQUAL(post.taken(), -1);
}

CASE("a sender that does not block sleeps until the mailbox has room") {
  Settings settings = settings_of("stream", 1, 1);
  settings.blocking = false;
  Post post(settings);
  PeerContext context(*post.page, Role::producer, 0, 0);
  MailboxChannel channel(context, {post.name});
  const std::byte message[kSize] = {};
  while (sendto(post.sender, message, kSize, 0, post.name.address(), post.name.length()) > 0) {
  }
  HOLDS(errno == EAGAIN);
  std::thread owner([&] {
    usleep(120'000);
    EQUAL(post.taken(), static_cast<ssize_t>(kSize));
  });
  HOLDS(channel.send<false>(message, kSize) == Outcome::done);
  owner.join();
  HOLDS(post.page->slots[0].would_block.get() >= 1);
  // In 120 ms it looked up a few times, since it waits at most 50 ms in one call; it did not turn round and round.
  HOLDS(post.page->slots[0].extra_calls.get() < 20);
}

CASE("a full buffer of the sender's own is waited for too") {
  Settings settings = settings_of("stream", 1, 1);
  settings.blocking = false;
  Post post(settings);
  set_option(post.sender, SOL_SOCKET, SO_SNDBUF, 1, "setsockopt SO_SNDBUF");  // the least that the kernel gives
  PeerContext context(*post.page, Role::producer, 0, 0);
  MailboxChannel channel(context, {post.name});
  const std::byte message[kSize] = {};
  std::thread owner([&] {
    usleep(120'000);
    while (post.taken() > 0) {
    }
  });
  for (int i = 0; i < 8; ++i) HOLDS(channel.send<false>(message, kSize) == Outcome::done);
  owner.join();
  HOLDS(post.page->slots[0].would_block.get() >= 1);
  HOLDS(post.page->slots[0].extra_calls.get() < 30);
}

CASE("a mailbox whose owner is gone is a broken channel, and no trouble at the end") {
  for (const bool blocking : {true, false}) {
    Settings settings = settings_of("stream", 1, 1);
    settings.blocking = blocking;
    Post post(settings);
    PeerContext context(*post.page, Role::producer, 0, 0);
    MailboxChannel channel(context, {post.name});
    post.close_owner();
    const std::byte message[kSize] = {};
    HOLDS(channel.send<false>(message, kSize) == Outcome::closed);
    EQUAL(post.page->slots[0].broken_errno.load(), ECONNREFUSED);
    channel.finish_sending();
  }
}

CASE("a receiver ends with the mark, or when all senders have finished and nothing comes any more") {
  Post post(settings_of("fan_in", 2, 1));
  limit_receive_wait(post.owner, kIdleMs);
  post.page->slots[2].endpoint = {-1, post.owner};
  PeerContext context(*post.page, Role::consumer, 0, 2);
  std::byte message[kSize] = {};
  const UnixName& name = post.name;
  const auto put = [&](std::size_t size) { HOLDS(sendto(post.sender, message, size, 0, name.address(), name.length()) >= 0); };
  const auto finish = [&](std::uint64_t first, std::uint64_t second) {
    post.page->slots[0].finished_ns.set(first);
    post.page->slots[1].finished_ns.set(second);
  };
  {
    DatagramReceiver receiver(context, post.owner);
    put(kSize);
    put(kSize - 1);
    put(0);
    HOLDS(receiver.receive<false>(message, kSize) == Outcome::done);
    HOLDS(receiver.receive<false>(message, kSize) == Outcome::cut);
    // Not all have finished, so this was no mark.
    HOLDS(receiver.receive<false>(message, kSize) == Outcome::cut);
    finish(1, 1);
    put(0);
    HOLDS(receiver.receive<false>(message, kSize) == Outcome::closed);
  }
  DatagramReceiver receiver(context, post.owner);
  finish(1, 0);
  std::thread other([&] {
    usleep(150'000);
    put(kSize);
    post.page->slots[1].finished_ns.set(1);
  });
  HOLDS(receiver.receive<false>(message, kSize) == Outcome::done);
  other.join();
  HOLDS(receiver.receive<false>(message, kSize) == Outcome::closed);
}
