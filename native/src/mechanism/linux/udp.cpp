/// UDP on loopback (udp(7)): messages keep their borders, and those for which the receiver's buffer has no room are thrown
/// away. The sender never waits for the receiver.
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/borrowed_socket.hpp"
#include "mechanism/linux/connections.hpp"
#include "mechanism/linux/datagram_batch.hpp"
#include "mechanism/linux/datagrams.hpp"
#include "mechanism/linux/readiness.hpp"
#include "mechanism/posix/socket.hpp"
#include "mechanism/posix/tuned.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"

namespace ipc {

namespace {

/// Messages that travel as one packet: no more than the kernel takes (UDP_MAX_SEGMENTS, linux/udp.h), and no more than fit.
std::size_t messages_a_packet(std::uint64_t size) {
  constexpr std::size_t kMostSegments = 64;
  return std::min<std::size_t>(kMostSegments, kMaxDatagramBytes / size);
}

/// One socket sends for each producer, and one receives for all consumers, who inherit it: each message goes to one of them.
/// Under broadcast every consumer has a socket of its own, and the producer one for each.
class UdpResource final : public Resource {
 public:
  UdpResource(const Settings& settings, StatsPage& page) : settings_(settings), page_(page) {
    if (settings.broadcast()) {
      for (unsigned k = 0; k < settings.consumers; ++k) make_receiver(k, 1, k, 1);
    } else {
      make_receiver(0, static_cast<unsigned>(settings.consumers), 0, static_cast<unsigned>(settings.producers));
    }
  }

  std::vector<ObjectInfo> objects() const override { return objects_; }
  std::vector<Denied> denied() const override { return denied_; }

  std::vector<int> inherited(unsigned ordinal) const override { return sockets_.inherited(ordinal); }

  void started() override { sockets_.let_go(); }

  /// The memory that the waiting messages take of the receivers' buffers, bookkeeping included: that is what the kernel goes
  /// by when it throws one away. How many they are it does not tell (FIONREAD knows only the next one), nor does the
  /// memory, which is given back in batches.
  Occupancy occupancy(const std::vector<Child>& peers) override {
    Occupancy now;
    std::uint64_t drops = 0;
    for (std::size_t i = settings_.producers; i < peers.size(); ++i) {
      const auto memory = BorrowedSocket(peers[i], page_.slots[i].endpoint.receive_fd).memory();
      if (!memory) continue;
      now.used_bytes = now.used_bytes.value_or(0) + (*memory)[SK_MEMINFO_RMEM_ALLOC];
      now.capacity_bytes = now.capacity_bytes.value_or(0) + (*memory)[SK_MEMINFO_RCVBUF];
      drops += (*memory)[SK_MEMINFO_DROPS];
      // All of them have the same socket.
      if (!settings_.broadcast()) break;
    }
    if (now.used_bytes) now.gauges = {{"drops", drops}};
    return now;
  }

  bool lossless() const override { return false; }
  bool waits_inside_calls() const override { return settings_.blocking || settings_.polled(); }

 private:
  /// Makes the socket of `consumers` consumers from number `consumer` on, and those that send to it: number `sender` and
  /// the `senders` - 1 after it.
  void make_receiver(unsigned consumer, unsigned consumers, unsigned sender, unsigned senders) {
    Socket receiver(make_socket());
    const auto to = own_address<sockaddr_in>(receiver.fd());
    const auto first = static_cast<unsigned>(settings_.producers) + consumer;
    for (unsigned k = sender; k < sender + senders; ++k) {
      Socket from(make_socket());
      const auto address = own_address<sockaddr_in>(from.fd());
      connect_to(from.fd(), to);
      drain(from.fd());
      // From now on each takes messages from the other only. With several senders that cannot be; what a stranger sends then
      // is found by its number.
      if (senders == 1) {
        connect_to(receiver.fd(), address);
        drain(receiver.fd());
        if (settings_.tuned() && !settings_.pingpong()) join_messages(from.fd(), receiver.fd());
      }
      objects_.push_back(
          {"socket", text_of(address) + " to " + text_of(to), "none", buffer_bytes(receiver.fd(), SO_RCVBUF)});
      const unsigned producer = producer_of(settings_, k);
      const int fd = sockets_.hold(std::move(from), producer);
      page_.connections[k] = {fd, receiver.fd()};
      page_.slots[producer].endpoint = {fd, fd};
    }
    const int fd = sockets_.hold(std::move(receiver), first, consumers);
    for (unsigned i = first; i < first + consumers; ++i) page_.slots[i].endpoint = {fd, fd};
  }

  int make_socket() const {
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return fd;
    try {
      const sockaddr_in address = loopback_address();
      if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        throw system_failure("bind", errno);
      }
      const bool most = settings_.capacity_bytes == 0 && settings_.tuned();
      const std::uint64_t wanted = most ? buffers_bound().value : settings_.capacity_bytes;
      if (wanted != 0) ask_for_buffers(fd, wanted);
      if (!settings_.blocking) make_nonblocking(fd);
      // Nothing tells a receiver that the sender is gone.
      limit_receive_wait(fd, kIdleMs);
    } catch (...) {
      ::close(fd);
      throw;
    }
    return fd;
  }

  static void connect_to(int fd, const sockaddr_in& address) {
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw system_failure("connect", errno);
    }
  }

  /// Has several messages travel as one packet, where the system does that; tried with two, because whether they arrive as
  /// one also depends on the interface.
  void join_messages(int sender, int receiver) {
    const std::uint64_t size = settings_.size_bytes;
    if (messages_a_packet(size) == 1) return;
    const int segment = static_cast<int>(size);
    const int on = 1;
    const int off = 0;
    std::string reason;
    if (setsockopt(sender, SOL_UDP, UDP_SEGMENT, &segment, sizeof segment) != 0 ||
        setsockopt(receiver, SOL_UDP, UDP_GRO, &on, sizeof on) != 0) {
      reason = errno_name(errno);
    } else {
      std::vector<std::byte> two(2 * size);
      pollfd entry{receiver, POLLIN, 0};
      if (::send(sender, two.data(), two.size(), MSG_DONTWAIT) != static_cast<ssize_t>(two.size())) {
        reason = errno_name(errno);
      } else if (poll(&entry, 1, kIdleMs) <= 0 ||
                 ::recv(receiver, two.data(), two.size(), MSG_DONTWAIT) != static_cast<ssize_t>(two.size())) {
        reason = "two messages sent as one packet did not arrive as one";
      }
    }
    if (reason.empty()) return;
    denied_.push_back({"UDP_SEGMENT", reason});
    setsockopt(sender, SOL_UDP, UDP_SEGMENT, &off, sizeof off);
    setsockopt(receiver, SOL_UDP, UDP_GRO, &off, sizeof off);
    drain(receiver);
  }

  static void drain(int fd) {
    std::byte one;
    while (::recv(fd, &one, sizeof one, MSG_DONTWAIT) >= 0) {
    }
  }

  const Settings& settings_;
  StatsPage& page_;
  HeldSockets sockets_;
  std::vector<ObjectInfo> objects_;
  std::vector<Denied> denied_;
};

/// Whether several messages travel as one packet: the supervisor has set both ends up for it, or neither.
bool joined(PeerContext& context) {
  int value = 0;
  socklen_t length = sizeof value;
  const bool producer = context.role() == Role::producer;
  return getsockopt(context.slot().endpoint.send_fd, SOL_UDP, producer ? UDP_SEGMENT : UDP_GRO, &value, &length) == 0 &&
         value != 0;
}

int run_tuned_stream(PeerContext& context) {
  const std::uint64_t size = context.settings().size_bytes;
  const bool producer = context.role() == Role::producer;
  if (joined(context)) {
    if (!producer) {
      SegmentedConsumer channel(context);
      return run_consumer(context, channel);
    }
    SegmentedProducer channel(context, messages_a_packet(size));
    return run_producer(context, channel);
  }
  return run_gathered<Delivery::lossy>(context);
}

int udp_peer(PeerContext& context) {
  if (context.settings().tuned() && !context.settings().pingpong()) return run_tuned_stream(context);
  return run_on_datagrams<Delivery::lossy>(context);
}

}  // namespace

MechanismRow udp_mechanism() {
  return {
      "udp",
      "message_passing",
      {"plain", "tuned"},
      {"stream", "pingpong", "fan_in", "fan_out", "many_to_many", "broadcast"},
      [] {
        const Bound bound = buffers_bound();
        return session_options({.max_capacity = bound.value,
                                .max_message_bytes = kMaxDatagramBytes,
                                .several = true,
                                .capacity_bound = bound_text(bound)},
                               {receive_option()});
      },
      [](Settings& settings) { resolve_tuned(settings); },
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<UdpResource>(settings, page);
      },
      udp_peer,
  };
}

}  // namespace ipc
