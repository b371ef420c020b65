/// Receivers that ask which connections are ready, and senders that take the one with room: nobody waits for a single other.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <thread>
#include <vector>

#include "check.hpp"
#include "mechanism/linux/readiness.hpp"
#include "mechanism/posix/datagram_channel.hpp"
#include "mechanism/posix/ready_channel.hpp"
#include "mechanism/posix/socket.hpp"
#include "mechanism/posix/spreading_channel.hpp"

using namespace ipc;

namespace {

constexpr std::size_t kSize = 64;
using Message = std::array<std::byte, kSize>;

/// Connections of one peer: `own` are its ends, `others` the test's.
struct Connections {
  explicit Connections(std::size_t count, Role role = Role::consumer, int type = SOCK_STREAM)
      : page(settings_of(count, role)), slot(page->slots[role == Role::producer ? 0 : count]),
        context(*page, role, 0, role == Role::producer ? 0 : static_cast<unsigned>(count)) {
    for (std::size_t i = 0; i < count; ++i) {
      int fds[2];
      HOLDS(socketpair(AF_UNIX, type, 0, fds) == 0);
      own.push_back(fds[0]);
      others.push_back(fds[1]);
    }
  }
  ~Connections() {
    for (const int fd : own) close(fd);
    for (std::size_t i = 0; i < others.size(); ++i) hang_up(i);
  }

  static Settings settings_of(std::size_t count, Role role) {
    Settings settings;
    settings.producers = role == Role::producer ? 1 : count;
    settings.consumers = role == Role::producer ? count : 1;
    return settings;
  }

  void put(std::size_t i, char fill, std::size_t from = 0, std::size_t to = kSize) {
    const std::string bytes(to - from, fill);
    HOLDS(::send(others[i], bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
  }
  void hang_up(std::size_t i) {
    if (others[i] >= 0) close(others[i]);
    others[i] = -1;
  }

  PageMapping page;
  PeerSlot& slot;
  PeerContext context;
  std::vector<int> own;
  std::vector<int> others;
};

/// Whom the next message came from, as `put` filled it; `-` at the end, `?` when not all of it is one sender's, and `/`
/// for one of another size.
template <class Channel>
char next_of(Channel& channel) {
  Message message{};
  const Outcome outcome = channel.template receive<false>(message.data(), message.size());
  if (outcome == Outcome::cut) return '/';
  if (outcome != Outcome::done) return '-';
  const bool whole = std::all_of(message.begin(), message.end(), [&](std::byte byte) { return byte == message.front(); });
  return whole ? static_cast<char>(message.front()) : '?';
}

template <class Channel>
std::string next_few(Channel& channel, int count) {
  std::string senders;
  for (int i = 0; i < count; ++i) senders += next_of(channel);
  return senders;
}

/// Runs `body` with channels over poll and over epoll.
template <class Calls, class Body>
void with_both(Connections& connections, Body&& body) {
  ReadyChannel<Calls, PollReadiness> poll(connections.context, -1, connections.own);
  body(poll);
  ReadyChannel<Calls, EpollReadiness> epoll(connections.context, -1, connections.own);
  body(epoll);
}

/// After the first wait another one takes the message; before the second there is a new one.
struct Robbed : PollReadiness {
  static inline Connections* victim = nullptr;
  int waits = 0;

  template <bool Logged>
  int await(PeerContext& context, int timeout_ms) {
    if (++waits == 2) victim->put(0, 'b');
    const int count = PollReadiness::await<Logged>(context, timeout_ms);
    Message message;
    if (waits == 1) HOLDS(recv(victim->own[0], message.data(), kSize, 0) == static_cast<ssize_t>(kSize));
    return count;
  }
};

}  // namespace

CASE("each that is ready has one turn, before any has another") {
  Connections connections(3);
  with_both<SocketCalls>(connections, [&](auto& channel) {
    for (int i = 0; i < 3; ++i) connections.put(0, 'a');
    connections.put(2, 'c');
    std::string first = next_few(channel, 2);
    std::sort(first.begin(), first.end());
    EQUAL(first, "ac");
    connections.put(1, 'b');
    std::string second = next_few(channel, 2);
    std::sort(second.begin(), second.end());
    EQUAL(second, "ab");
    EQUAL(next_few(channel, 1), "a");
  });
}

CASE("a message in pieces holds nobody up, and comes out whole between those of others") {
  Connections connections(2);
  with_both<SocketCalls>(connections, [&](auto& channel) {
    connections.put(0, 'a', 0, 10);
    connections.put(1, 'b');
    EQUAL(next_few(channel, 1), "b");
    connections.put(0, 'a', 10, 40);
    connections.put(1, 'b', 0, 1);
    std::thread later([&] {
      usleep(20'000);
      connections.put(0, 'a', 40, kSize);
    });
    EQUAL(next_few(channel, 1), "a");
    later.join();
    connections.put(1, 'b', 1, kSize);
    EQUAL(next_few(channel, 1), "b");
  });
}

CASE("of a single connection too a message may come in pieces") {
  Connections connections(1);
  with_both<SocketCalls>(connections, [&](auto& channel) {
    connections.put(0, 'a', 0, 10);
    std::thread later([&] {
      usleep(20'000);
      connections.put(0, 'a', 10, kSize);
    });
    EQUAL(next_few(channel, 1), "a");
    later.join();
  });
}

CASE("the end is the last sender's") {
  for (const bool epoll : {false, true}) {
    Connections connections(3);
    const auto check = [&](auto&& channel) {
      connections.put(1, 'b');
      connections.hang_up(0);
      EQUAL(next_few(channel, 1), "b");
      connections.hang_up(1);
      connections.put(2, 'c');
      connections.hang_up(2);
      EQUAL(next_few(channel, 2), "c-");
    };
    if (epoll) {
      check(ReadyChannel<SocketCalls, EpollReadiness>(connections.context, -1, connections.own));
    } else {
      check(ReadyChannel<SocketCalls, PollReadiness>(connections.context, -1, connections.own));
    }
  }
}

CASE("messages that keep their borders are cut, not put together") {
  Connections connections(2, Role::consumer, SOCK_SEQPACKET);
  with_both<SeqpacketCalls>(connections, [&](auto& channel) {
    connections.put(0, 'a', 0, 10);
    EQUAL(next_few(channel, 1), "/");
    connections.put(0, 'a');
    EQUAL(next_few(channel, 1), "a");
  });
}

CASE("a receiver that finds nothing, since another was faster, counts it and waits again") {
  Connections connections(1);
  ReadyChannel<SocketCalls, Robbed> channel(connections.context, -1, connections.own);
  connections.put(0, 'a');
  Robbed::victim = &connections;
  EQUAL(next_few(channel, 1), "b");
  EQUAL(connections.slot.would_block.get(), 1U);
}

CASE("a datagram is waited for the same way, and so is the end when its mark is lost") {
  Connections connections(1, Role::consumer, SOCK_DGRAM);
  connections.slot.endpoint = {connections.own.front(), connections.own.front()};
  DatagramChannel<Delivery::marked, EpollReadiness> channel(connections.context);
  connections.put(0, 'a');
  EQUAL(next_few(channel, 1), "a");
  connections.put(0, 'a', 0, 10);
  EQUAL(next_few(channel, 1), "/");
  connections.page->slots[0].finished_ns.set(1);
  EQUAL(next_few(channel, 1), "-");
}

CASE("of several senders the last one marks the end, and nobody else's empty datagram does") {
  Connections connections(2, Role::consumer, SOCK_DGRAM);
  connections.slot.endpoint = {connections.own.front(), connections.own.front()};
  limit_receive_wait(connections.own.front(), kIdleMs);
  DatagramChannel<Delivery::marked> channel(connections.context);
  const auto finish = [&](unsigned index) {
    PeerContext sender(*connections.page, Role::producer, index, index);
    sender.slot().endpoint = {connections.others.front(), connections.others.front()};
    DatagramChannel<Delivery::marked> sending(sender);
    sending.finish_sending();
  };
  HOLDS(::send(connections.others.front(), nullptr, 0, 0) == 0);
  EQUAL(next_few(channel, 1), "/");
  finish(1);
  connections.put(0, 'a');
  finish(0);
  EQUAL(next_few(channel, 2), "a-");
}

CASE("messages are sent in turn, and past whoever takes none") {
  Connections connections(3, Role::producer, SOCK_SEQPACKET);
  SpreadingChannel<SeqpacketCalls> channel(connections.context, connections.own);
  const std::string message(kSize, 'a');
  const auto* bytes = reinterpret_cast<const std::byte*>(message.data());
  const auto taken_by = [&](std::size_t i) {
    Message buffer;
    int count = 0;
    while (recv(connections.others[i], buffer.data(), buffer.size(), MSG_DONTWAIT) > 0) ++count;
    return count;
  };
  for (int i = 0; i < 9; ++i) HOLDS(channel.send<false>(bytes, kSize) == Outcome::done);
  for (std::size_t i = 0; i < 3; ++i) EQUAL(taken_by(i), 3);
  EQUAL(connections.slot.would_block.get(), 0U);
  // Nobody takes those of the first: the others get all that it has no room for.
  int others = 0;
  for (int i = 0; i < 6000; ++i) {
    HOLDS(channel.send<false>(bytes, kSize) == Outcome::done);
    if (i % 30 == 0) others += taken_by(1) + taken_by(2);
  }
  others += taken_by(1) + taken_by(2);
  HOLDS(connections.slot.would_block.get() > 1000);
  EQUAL(connections.slot.waits.get(), 0U);
  EQUAL(taken_by(0) + others, 6000);
}

CASE("a message that one takes in part only comes to it whole, and holds nobody else up") {
  constexpr std::size_t kLong = 100'000;
  Connections connections(2, Role::producer);
  SpreadingChannel<SocketCalls> channel(connections.context, connections.own);
  connections.context.take_orders();
  std::size_t taken = 0;
  std::vector<std::byte> buffer(1 << 20);
  const auto take = [&](std::size_t i, int flags) {
    const ssize_t got = recv(connections.others[i], buffer.data(), buffer.size(), flags);
    if (got > 0) taken += static_cast<std::size_t>(got);
    return got;
  };
  // The first never takes anything while these are sent: two of them fit, and a part of a third.
  constexpr int kMessages = 50;
  const std::vector<std::byte> message(kLong);
  for (int i = 0; i < kMessages; ++i) {
    HOLDS(channel.send<false>(message.data(), kLong) == Outcome::done);
    channel.flush();
    while (take(1, MSG_DONTWAIT) > 0) {
    }
  }
  HOLDS(connections.slot.would_block.get() > 0);
  EQUAL(connections.slot.waits.get(), 0U);
  HOLDS(taken > 40 * kLong);
  std::thread reader([&] {
    while (take(0, 0) > 0) {
    }
  });
  channel.finish_sending();
  reader.join();
  while (take(1, MSG_DONTWAIT) > 0) {
  }
  EQUAL(taken, kMessages * kLong);
}

CASE("a sender waits when nobody has room, and goes on with the first who has") {
  Connections connections(2, Role::producer);
  SpreadingChannel<SocketCalls> channel(connections.context, connections.own);
  const std::vector<std::byte> message(100'000);
  std::thread reader([&] {
    usleep(50'000);
    std::vector<std::byte> buffer(1 << 20);
    while (recv(connections.others[1], buffer.data(), buffer.size(), 0) > 0) {
    }
  });
  for (int i = 0; i < 50; ++i) HOLDS(channel.send<false>(message.data(), message.size()) == Outcome::done);
  HOLDS(connections.slot.waits.get() > 0);
  connections.hang_up(0);
  channel.finish_sending();
  reader.join();
}

CASE("a connection whose other end is gone is a broken channel") {
  Connections connections(2, Role::producer);
  SpreadingChannel<SocketCalls> channel(connections.context, connections.own);
  connections.hang_up(1);
  const Message message{};
  HOLDS(channel.send<false>(message.data(), kSize) == Outcome::done);
  HOLDS(channel.send<false>(message.data(), kSize) == Outcome::closed);
  EQUAL(connections.slot.broken_errno.load(), EPIPE);
}
