/// Messages over sockets that keep their borders: what is cut, how the end is found, and what a lost answer costs.
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "check.hpp"
#include "mechanism/posix/datagram_channel.hpp"
#include "mechanism/posix/socket.hpp"
#include "peer/loops.hpp"

using namespace ipc;

namespace {

/// Two datagram sockets connected to each other: one of them a peer's, the other the test's.
struct Pair {
  explicit Pair(Role role, int type = SOCK_DGRAM)
      : page(one_to_one()), slot(page->slots[role == Role::producer ? 0 : 1]),
        other_slot(page->slots[role == Role::producer ? 1 : 0]), context(*page, role, 0, role == Role::producer ? 0 : 1) {
    int fds[2];
    HOLDS(socketpair(AF_UNIX, type, 0, fds) == 0);
    own = fds[0];
    other = fds[1];
    limit_receive_wait(own, kIdleMs);
    slot.endpoint = {own, own};
  }
  ~Pair() {
    close(own);
    if (other >= 0) close(other);
  }

  static Settings one_to_one() {
    Settings settings;
    settings.verify.assign("sequence");
    settings.size_bytes = kSize;
    settings.producers = 1;
    settings.consumers = 1;
    return settings;
  }

  static constexpr std::size_t kSize = 64;
  PageMapping page;
  PeerSlot& slot;
  PeerSlot& other_slot;
  PeerContext context;
  int own = -1;
  int other = -1;
};

template <class Channel>
const char* received(Channel& channel) {
  std::byte buffer[Pair::kSize];
  switch (channel.template receive<false>(buffer, sizeof buffer)) {
    case Outcome::done:
      return "done";
    case Outcome::closed:
      return "closed";
    case Outcome::failed:
      return "failed";
    case Outcome::cut:
      return "cut";
    case Outcome::lost:
      return "lost";
  }
  return "";
}

void put(int fd, std::size_t size) {
  const std::vector<std::byte> bytes(size);
  HOLDS(send(fd, bytes.data(), size, 0) == static_cast<ssize_t>(size));
}

using Marked = DatagramChannel<Delivery::marked>;
using Lossy = DatagramChannel<Delivery::lossy>;
using Connected = DatagramChannel<Delivery::connected>;

}  // namespace

CASE("a datagram of another size than a message is cut, and the next one is whole again") {
  Pair pair(Role::consumer);
  Marked channel(pair.context);
  for (const std::size_t size : {Pair::kSize - 1, Pair::kSize + 1, Pair::kSize, std::size_t{1}}) put(pair.other, size);
  EQUAL(std::string(received(channel)), "cut");
  EQUAL(std::string(received(channel)), "cut");
  EQUAL(std::string(received(channel)), "done");
  EQUAL(std::string(received(channel)), "cut");
}

CASE("a cut message counts as corrupt, not as one of the session's") {
  Pair pair(Role::consumer);
  Marked channel(pair.context);
  MessageWriter writer(Pair::kSize, Verify::sequence, false);
  const auto write = [&](std::uint64_t sequence, std::size_t size) {
    HOLDS(send(pair.other, writer.make(sequence, 0), size, 0) == static_cast<ssize_t>(size));
  };
  write(0, Pair::kSize);
  write(1, Pair::kSize - 1);
  write(2, Pair::kSize);
  put(pair.other, 0);
  EQUAL(run_loops(pair.context, channel), 0);
  EQUAL(pair.slot.messages.get(), 2U);
  EQUAL(pair.slot.corrupt.get(), 1U);
  EQUAL(pair.slot.lost.get(), 1U);
  EQUAL(pair.slot.expected.get(), 3U);
}

CASE("the end is an empty datagram, where the system tells none") {
  Pair pair(Role::consumer);
  Marked channel(pair.context);
  put(pair.other, Pair::kSize);
  put(pair.other, 0);
  EQUAL(std::string(received(channel)), "done");
  EQUAL(std::string(received(channel)), "closed");
}

CASE("the end is the system's, where there is a connection") {
  Pair pair(Role::consumer, SOCK_SEQPACKET);
  Connected channel(pair.context);
  put(pair.other, Pair::kSize);
  shutdown(pair.other, SHUT_WR);
  EQUAL(std::string(received(channel)), "done");
  EQUAL(std::string(received(channel)), "closed");
}

CASE("a lost mark does not keep a consumer: the producer has finished and nothing comes any more") {
  for (const bool blocking : {true, false}) {
    Pair pair(Role::consumer);
    pair.page->settings.blocking = blocking;
    if (!blocking) make_nonblocking(pair.own);
    pair.other_slot.finished_ns.set(1);
    Lossy channel(pair.context);
    put(pair.other, Pair::kSize);
    EQUAL(std::string(received(channel)), "done");
    EQUAL(std::string(received(channel)), "closed");
  }
}

CASE("a dead producer ends a consumer that nothing wakes, after what is there was taken") {
  Pair pair(Role::consumer);
  pair.page->control.abandoned.store(1);
  Marked channel(pair.context);
  put(pair.other, Pair::kSize);
  EQUAL(std::string(received(channel)), "done");
  EQUAL(std::string(received(channel)), "closed");
}

CASE("the mark is repeated until the consumer has ended") {
  Pair pair(Role::producer);
  Lossy channel(pair.context);
  // The first three are lost on their way.
  std::thread consumer([&] {
    std::byte byte;
    for (int marks = 0; marks < 4; ++marks) HOLDS(recv(pair.other, &byte, 1, 0) == 0);
    pair.other_slot.finished_ns.set(1);
  });
  channel.finish_sending();
  consumer.join();
  HOLDS(pair.slot.finished_ns.get() != 0);
}

CASE("a closed other end is a broken channel, and no trouble at the end") {
  Pair pair(Role::producer);
  Marked channel(pair.context);
  close(pair.other);
  pair.other = -1;
  std::byte message[Pair::kSize] = {};
  HOLDS(channel.send<false>(message, sizeof message) == Outcome::closed);
  EQUAL(pair.slot.broken_errno.load(), ECONNREFUSED);
  channel.finish_sending();
}

CASE("a conversation goes on after a lost answer, and a late one is not taken for another") {
  constexpr std::uint64_t kLost = 3;
  constexpr std::uint64_t kLate = 5;
  Pair pair(Role::producer);
  pair.page->settings.pattern.assign("pingpong");
  pair.page->settings.stats = true;
  pair.page->control.limit.store(8);
  pair.page->control.order.store(Order::run);
  std::thread echo([&] {
    std::byte message[Pair::kSize];
    std::byte late[Pair::kSize];
    for (;;) {
      if (recv(pair.other, message, sizeof message, 0) <= 0) return;
      const std::uint64_t sequence = read_header(message, sizeof message).sequence;
      if (sequence == kLost) continue;
      if (sequence == kLate) {
        std::memcpy(late, message, sizeof message);
        continue;
      }
      // The producer has given up on it by now, or it would not have sent the next one.
      if (sequence == kLate + 1) HOLDS(send(pair.other, late, sizeof late, 0) > 0);
      HOLDS(send(pair.other, message, sizeof message, 0) > 0);
    }
  });
  Lossy channel(pair.context);
  std::thread finish([&] {
    echo.join();
    pair.other_slot.finished_ns.set(1);
  });
  EQUAL(run_loops(pair.context, channel), 0);
  finish.join();
  EQUAL(pair.slot.messages.get(), 8U);
  EQUAL(pair.slot.expected.get(), 8U);
  EQUAL(pair.slot.lost.get(), 1U);
  EQUAL(pair.slot.reordered.get(), 0U);
  EQUAL(pair.slot.duplicated.get(), 0U);
}
