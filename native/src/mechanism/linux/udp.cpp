/// UDP on loopback (udp(7)): messages keep their borders, and those for which the receiver's buffer has no room are thrown
/// away. The sender never waits for the receiver.
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/borrowed_socket.hpp"
#include "mechanism/linux/datagram_batch.hpp"
#include "mechanism/posix/datagram_channel.hpp"
#include "mechanism/posix/socket.hpp"
#include "mechanism/posix/tuned.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"

namespace ipc {

namespace {

/// The 16-bit length of an IPv4 packet less its header of 20 bytes and UDP's of 8 (RFC 791, RFC 768).
constexpr std::uint64_t kMaxDatagram = 65'507;

std::uint64_t max_capacity() { return std::min(max_send_buffer(), max_receive_buffer()); }

/// Messages that travel as one packet: no more than the kernel takes (UDP_MAX_SEGMENTS, linux/udp.h), and no more than fit.
std::size_t messages_a_packet(std::uint64_t size) {
  constexpr std::size_t kMostSegments = 64;
  return std::min<std::size_t>(kMostSegments, kMaxDatagram / size);
}

class UdpResource final : public Resource {
 public:
  UdpResource(const Settings& settings, StatsPage& page)
      : blocking_(settings.blocking), sender_(make_socket(settings)), receiver_(make_socket(settings)) {
    const auto from = own_address<sockaddr_in>(sender_.fd());
    const auto to = own_address<sockaddr_in>(receiver_.fd());
    connect_to(sender_.fd(), to);
    connect_to(receiver_.fd(), from);
    // From now on each takes messages from the other only; what strangers sent before that is thrown away.
    drain(sender_.fd());
    drain(receiver_.fd());
    if (settings.tuned() && !settings.pingpong()) join_messages(settings.size_bytes);
    sender_fd_ = sender_.fd();
    receiver_fd_ = receiver_.fd();
    page.slots[0].endpoint = {sender_fd_, sender_fd_};
    page.slots[1].endpoint = {receiver_fd_, receiver_fd_};
    objects_ = {{"socket", text_of(from) + " to " + text_of(to), "none", buffer_bytes(receiver_fd_, SO_RCVBUF)}};
  }

  std::vector<ObjectInfo> objects() const override { return objects_; }
  std::vector<Denied> denied() const override { return denied_; }

  std::vector<int> inherited(unsigned ordinal) const override { return {ordinal == 0 ? sender_fd_ : receiver_fd_}; }

  void started() override {
    sender_.close_now();
    receiver_.close_now();
  }

  /// The memory that the waiting messages take of the receiver's buffer, bookkeeping included: that is what the kernel goes
  /// by when it throws one away. How many they are it does not tell (FIONREAD knows only the next one), nor does the
  /// memory, which is given back in batches.
  Occupancy occupancy(const std::vector<Child>& peers) override {
    const auto memory = BorrowedSocket(peers[1], receiver_fd_).memory();
    if (!memory) return {};
    Occupancy now;
    now.used_bytes = (*memory)[SK_MEMINFO_RMEM_ALLOC];
    now.capacity_bytes = (*memory)[SK_MEMINFO_RCVBUF];
    now.gauges = {{"drops", (*memory)[SK_MEMINFO_DROPS]}};
    return now;
  }

  bool lossless() const override { return false; }
  bool waits_inside_calls() const override { return blocking_; }

 private:
  static int make_socket(const Settings& settings) {
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return fd;
    try {
      const sockaddr_in address = loopback_address();
      if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        throw system_failure("bind", errno);
      }
      if (settings.capacity_bytes != 0) ask_for_buffers(fd, settings.capacity_bytes);
      if (settings.capacity_bytes == 0 && settings.tuned()) ask_for_buffers(fd, max_capacity());
      if (!settings.blocking) make_nonblocking(fd);
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
  void join_messages(std::uint64_t size) {
    if (messages_a_packet(size) == 1) return;
    const int segment = static_cast<int>(size);
    const int on = 1;
    const int off = 0;
    std::string reason;
    if (setsockopt(sender_.fd(), SOL_UDP, UDP_SEGMENT, &segment, sizeof segment) != 0 ||
        setsockopt(receiver_.fd(), SOL_UDP, UDP_GRO, &on, sizeof on) != 0) {
      reason = errno_name(errno);
    } else {
      std::vector<std::byte> two(2 * size);
      pollfd entry{receiver_.fd(), POLLIN, 0};
      if (::send(sender_.fd(), two.data(), two.size(), MSG_DONTWAIT) != static_cast<ssize_t>(two.size())) {
        reason = errno_name(errno);
      } else if (poll(&entry, 1, kIdleMs) <= 0 ||
                 ::recv(receiver_.fd(), two.data(), two.size(), MSG_DONTWAIT) != static_cast<ssize_t>(two.size())) {
        reason = "two messages sent as one packet did not arrive as one";
      }
    }
    if (reason.empty()) return;
    denied_.push_back({"UDP_SEGMENT", reason});
    setsockopt(sender_.fd(), SOL_UDP, UDP_SEGMENT, &off, sizeof off);
    setsockopt(receiver_.fd(), SOL_UDP, UDP_GRO, &off, sizeof off);
    drain(receiver_.fd());
  }

  static void drain(int fd) {
    std::byte one;
    while (::recv(fd, &one, sizeof one, MSG_DONTWAIT) >= 0) {
    }
  }

  bool blocking_;
  Socket sender_;
  Socket receiver_;
  int sender_fd_ = -1;
  int receiver_fd_ = -1;
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
  DatagramChannel<Delivery::lossy> channel(context);
  return run_loops(context, channel);
}

}  // namespace

MechanismRow udp_mechanism() {
  return {
      "udp",
      "message_passing",
      {"plain", "tuned"},
      {"stream", "pingpong"},
      [] { return session_options({.max_capacity = max_capacity(), .max_message_bytes = kMaxDatagram}); },
      [](Settings& settings) { refuse_several_tuned(settings); },
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<UdpResource>(settings, page);
      },
      udp_peer,
  };
}

}  // namespace ipc
