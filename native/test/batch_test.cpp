/// Channels that carry several messages a call: what they hold back, how they cut, and when a buffer may be used again.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#include "check.hpp"
#include "mechanism/linux/datagram_batch.hpp"
#include "mechanism/linux/page_ring.hpp"
#include "mechanism/linux/splice_channel.hpp"
#include "mechanism/posix/batch_channel.hpp"
#include "mechanism/posix/socket.hpp"

using namespace ipc;

namespace {

constexpr std::size_t kSize = 64;
constexpr std::size_t kFour = 4 * kSize;

/// Two sockets connected to each other: one of them a peer's, the other the test's.
struct Pair {
  explicit Pair(Role role, int type = SOCK_STREAM)
      : page(one_to_one()), slot(page->slots[role == Role::producer ? 0 : 1]),
        context(*page, role, 0, role == Role::producer ? 0 : 1) {
    signal(SIGPIPE, SIG_IGN);
    int fds[2];
    HOLDS(socketpair(AF_UNIX, type, 0, fds) == 0);
    own = fds[0];
    other = fds[1];
    slot.endpoint = {own, own};
  }
  ~Pair() {
    close(own);
    if (other >= 0) close(other);
  }

  static Settings one_to_one() {
    Settings settings;
    settings.size_bytes = kSize;
    settings.producers = 1;
    settings.consumers = 1;
    return settings;
  }

  /// Bytes that the test's end has been sent.
  std::size_t arrived() const {
    std::byte bytes[2 * kFour];
    const ssize_t got = recv(other, bytes, sizeof bytes, MSG_DONTWAIT);
    return got < 0 ? 0 : static_cast<std::size_t>(got);
  }

  PageMapping page;
  PeerSlot& slot;
  PeerContext context;
  int own = -1;
  int other = -1;
};

template <class Channel>
Outcome send_one(Channel& channel) {
  std::memset(channel.place(), 7, kSize);
  return channel.template send<false>(nullptr, kSize);
}

template <class Channel>
Outcome receive_one(Channel& channel) {
  return channel.template receive<false>(nullptr, kSize);
}

}  // namespace

CASE("messages leave together when there is no room for another, and at once when told to") {
  Pair pair(Role::producer);
  BatchProducer<SocketCalls> channel(pair.context, kFour + kSize / 2);
  for (int i = 0; i < 3; ++i) HOLDS(send_one(channel) == Outcome::done);
  EQUAL(pair.arrived(), 0U);
  HOLDS(send_one(channel) == Outcome::done);
  EQUAL(pair.arrived(), kFour);
  HOLDS(send_one(channel) == Outcome::done);
  channel.flush();
  EQUAL(pair.arrived(), kSize);
  channel.flush();
  EQUAL(pair.arrived(), 0U);
  HOLDS(send_one(channel) == Outcome::done);
  channel.finish_sending();
  EQUAL(pair.arrived(), kSize);
  EQUAL(pair.slot.extra_calls.get(), 3U);
}

CASE("a failure of what was passed on shows when the next message is sent") {
  Pair pair(Role::producer);
  BatchProducer<SocketCalls> channel(pair.context, kFour);
  HOLDS(send_one(channel) == Outcome::done);
  close(pair.other);
  pair.other = -1;
  channel.flush();
  EQUAL(pair.slot.broken_errno.load(), EPIPE);
  for (int i = 0; i < 9; ++i) HOLDS(send_one(channel) == Outcome::closed);
  channel.finish_sending();
}

CASE("what arrives in any pieces is cut into messages, and half of one at the end is none") {
  Pair pair(Role::consumer);
  BatchConsumer<SocketCalls> channel(pair.context, kFour);
  std::byte bytes[3 * kSize];
  for (std::size_t i = 0; i < sizeof bytes; ++i) bytes[i] = static_cast<std::byte>(i / kSize);
  HOLDS(send(pair.other, bytes, kSize + 10, 0) > 0);
  HOLDS(receive_one(channel) == Outcome::done);
  HOLDS(std::memcmp(channel.message(), bytes, kSize) == 0);
  HOLDS(send(pair.other, bytes + kSize + 10, sizeof bytes - kSize - 10, 0) > 0);
  HOLDS(receive_one(channel) == Outcome::done);
  HOLDS(std::memcmp(channel.message(), bytes + kSize, kSize) == 0);
  HOLDS(receive_one(channel) == Outcome::done);
  HOLDS(std::memcmp(channel.message(), bytes + 2 * kSize, kSize) == 0);
  HOLDS(send(pair.other, bytes, kSize / 2, 0) > 0);
  shutdown(pair.other, SHUT_WR);
  HOLDS(receive_one(channel) == Outcome::closed);
}

CASE("datagrams of one call are told apart: whole, cut, and the end") {
  Pair pair(Role::consumer, SOCK_DGRAM);
  MultipleConsumer<Delivery::marked> channel(pair.context, 8);
  const std::vector<std::byte> bytes(2 * kSize);
  for (const std::size_t size : {kSize, kSize - 1, kSize + 1, kSize}) HOLDS(send(pair.other, bytes.data(), size, 0) > 0);
  HOLDS(send(pair.other, bytes.data(), 0, 0) == 0);
  for (const Outcome expected : {Outcome::done, Outcome::cut, Outcome::cut, Outcome::done, Outcome::closed}) {
    HOLDS(receive_one(channel) == expected);
  }
  EQUAL(pair.slot.extra_calls.get(), 1U);
}

CASE("packets of several messages are cut, and one of another length is none of the session's") {
  Pair pair(Role::consumer, SOCK_DGRAM);
  SegmentedConsumer channel(pair.context);
  const std::vector<std::byte> bytes(3 * kSize);
  for (const std::size_t size : {3 * kSize, 2 * kSize + 1, kSize}) HOLDS(send(pair.other, bytes.data(), size, 0) > 0);
  HOLDS(send(pair.other, bytes.data(), 0, 0) == 0);
  for (int i = 0; i < 3; ++i) HOLDS(receive_one(channel) == Outcome::done);
  for (const Outcome expected : {Outcome::cut, Outcome::done, Outcome::closed}) HOLDS(receive_one(channel) == expected);
}

CASE("a lent buffer comes round again only after as many pages as the pipe has slots") {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  for (const std::size_t bytes : {std::size_t{64}, page, page + 1, 16 * page, 300 * page}) {
    for (const std::size_t slots : {std::size_t{1}, std::size_t{16}, std::size_t{256}}) {
      const std::size_t buffers = SpliceProducer<SocketCalls>::buffers(bytes, slots);
      // All the others lie in the pipe behind it.
      HOLDS((buffers - 1) * pages_of(bytes) >= slots);
      HOLDS(buffers == 2 || (buffers - 2) * pages_of(bytes) < slots);
    }
  }
}

CASE("buffers of pages are separate, aligned, and used in turn") {
  const PageRing ring(5000, 3);
  HOLDS(ring.valid());
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  for (std::size_t i = 0; i < 3; ++i) EQUAL(reinterpret_cast<std::size_t>(ring[i]) % page, 0U);
  EQUAL(static_cast<std::size_t>(ring[1] - ring[0]), 2 * page);
  EQUAL(ring.after(0), 1U);
  EQUAL(ring.after(2), 0U);
}

CASE("a message made in place is the one that would have been made elsewhere") {
  for (const std::size_t size : {std::size_t{1}, std::size_t{17}, std::size_t{24}, std::size_t{100}}) {
    for (const Verify verify : {Verify::sequence, Verify::full}) {
      MessageWriter one(size, verify, false);
      MessageWriter other(size, verify, false);
      std::vector<std::byte> place(size, std::byte{9});
      other.make_at(place.data(), 5, 77);
      const std::byte* const made = one.make(5, 77);
      const Header header = read_header(made, size);
      const Header in_place = read_header(place.data(), size);
      EQUAL(in_place.sequence, header.sequence);
      EQUAL(in_place.sent_ns, header.sent_ns);
      EQUAL(in_place.checksum, header.checksum);
      if (verify == Verify::full && size > kHeaderBytes) HOLDS(std::memcmp(made, place.data(), size) == 0);
    }
  }
}
