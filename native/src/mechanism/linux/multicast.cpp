/// UDP to a group (ip(7), RFC 1112): one call sends a message, and the system hands a copy to every socket that has joined.
/// The group is one of those that never leave an organisation (239.255.0.0/16, RFC 2365), all sockets are told to use the
/// loopback interface, and a time to live of 0 keeps what is sent within this machine. As with UDP to one receiver, what a
/// receiver's buffer has no room for is thrown away, for that receiver alone, and the sender does not learn of it.
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/borrowed_socket.hpp"
#include "mechanism/posix/multicast_channel.hpp"
#include "mechanism/posix/socket.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"
#include "system/bound.hpp"

namespace ipc {

namespace {

constexpr const char* kInterface = "lo";
/// How long the probe may be under way, ms; it takes microseconds.
constexpr int kProbeMs = 500;

std::vector<OptionRow> options() {
  const Bound capacity = buffers_bound();
  std::vector<OptionRow> rows =
      session_options({.max_capacity = capacity.value, .max_message_bytes = kMaxDatagramBytes, .several = true});
  for (OptionRow& row : rows) {
    if (row.number == &Settings::capacity_bytes) row.bound = bound_text(capacity);
    if (row.number == &Settings::size_bytes) row.bound = "a datagram of UDP over IPv4 carries no more (RFC 768)";
  }
  return rows;
}

[[noreturn]] void refuse_group(const std::string& what, int error) {
  Failure failure = system_failure(what, error);
  switch (error) {
    case ENODEV:
    case ENETUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
      failure.remedy = "The loopback interface is missing or down: an administrator brings it up by `ip link set lo up`.";
      break;
    case EPERM:
      failure.remedy = "A firewall or sandbox forbids it: see whether a rule drops multicast (nft list ruleset).";
      break;
    default:
      break;
  }
  throw failure;
}

/// One group a process, so that sessions at the same time hardly ever share one; where they do, their ports differ.
sockaddr_in group_of(int pid) {
  sockaddr_in group{};
  group.sin_family = AF_INET;
  group.sin_addr.s_addr = htonl(0xEF'FF'00'00U | (static_cast<std::uint32_t>(pid) & 0xFFFFU));
  return group;
}

ip_mreqn on_loopback(const in_addr& group) {
  const auto index = static_cast<int>(if_nametoindex(kInterface));
  if (index == 0) refuse_group("if_nametoindex lo", errno);
  return {group, {htonl(INADDR_LOOPBACK)}, index};
}

/// setsockopt(2) of an option of IP.
template <class Value>
void set_ip_option(int fd, int option, const Value& value, const char* call) {
  if (setsockopt(fd, IPPROTO_IP, option, &value, sizeof value) != 0) refuse_group(call, errno);
}

class MulticastResource final : public Resource {
 public:
  MulticastResource(const Settings& settings, StatsPage& page)
      : settings_(settings), page_(page), group_(group_of(getpid())) {
    for (std::size_t i = 0; i < settings.consumers; ++i) add_receiver();
    for (std::size_t i = 0; i < settings.producers; ++i) add_sender();
    probe();
    for (std::size_t i = 0; i < settings.processes(); ++i) {
      const bool sends = i < settings.producers;
      page.slots[i].endpoint = sends ? Endpoint{senders_[i].fd(), -1}
                                     : Endpoint{-1, receivers_[i - settings.producers].fd()};
    }
    objects_.push_back({"multicast_group", text_of(group_) + " on " + kInterface + ", ttl 0", "none", {}});
    for (std::size_t i = 0; i < receivers_.size(); ++i) {
      const int fd = receivers_[i].fd();
      objects_.push_back({"socket", "consumer " + std::to_string(i) + ", fd " + std::to_string(fd), "none",
                          buffer_bytes(fd, SO_RCVBUF)});
    }
  }

  std::vector<ObjectInfo> objects() const override { return objects_; }

  std::vector<int> inherited(unsigned ordinal) const override {
    const Endpoint& endpoint = page_.slots[ordinal].endpoint;
    return {endpoint.send_fd >= 0 ? endpoint.send_fd : endpoint.receive_fd};
  }

  void started() override {
    senders_.clear();
    receivers_.clear();
  }

  /// Of the fullest receiver: the memory that the waiting messages take of its buffer, bookkeeping included, for that is what
  /// the kernel goes by when it throws one away. The drops are those of all receivers.
  Occupancy occupancy(const std::vector<Child>& peers) override {
    Occupancy fullest;
    std::uint64_t drops = 0;
    for (std::size_t i = settings_.producers; i < peers.size(); ++i) {
      const auto memory = BorrowedSocket(peers[i], page_.slots[i].endpoint.receive_fd).memory();
      if (!memory) continue;
      drops += (*memory)[SK_MEMINFO_DROPS];
      const std::uint64_t used = (*memory)[SK_MEMINFO_RMEM_ALLOC];
      if (fullest.used_bytes.has_value() && used <= *fullest.used_bytes) continue;
      fullest.used_bytes = used;
      fullest.capacity_bytes = (*memory)[SK_MEMINFO_RCVBUF];
    }
    if (fullest.used_bytes) fullest.gauges = {{"drops", drops}};
    return fullest;
  }

  bool lossless() const override { return false; }
  bool one_call_for_all() const override { return true; }
  bool waits_inside_calls() const override { return settings_.blocking; }

 private:
  Socket make_socket() const {
    Socket made(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (settings_.capacity_bytes != 0) ask_for_buffers(made.fd(), settings_.capacity_bytes);
    if (!settings_.blocking) make_nonblocking(made.fd());
    return made;
  }

  /// Bound to the group itself, so that nothing arrives that was sent to this machine's own addresses.
  void add_receiver() {
    Socket receiver = make_socket();
    const int fd = receiver.fd();
    const bool first = receivers_.empty();
    // The first one asks for a port that nobody else has; only from then on it is shared, with the other receivers.
    if (!first) set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1, "setsockopt SO_REUSEADDR");
    if (bind(fd, reinterpret_cast<const sockaddr*>(&group_), sizeof group_) != 0) refuse_group("bind", errno);
    if (first) {
      group_ = own_address<sockaddr_in>(fd);
      set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1, "setsockopt SO_REUSEADDR");
    }
    set_ip_option(fd, IP_ADD_MEMBERSHIP, on_loopback(group_.sin_addr), "setsockopt IP_ADD_MEMBERSHIP");
    // Nothing tells a receiver that the sender is gone.
    limit_receive_wait(fd, kIdleMs);
    receivers_.push_back(std::move(receiver));
  }

  void add_sender() {
    Socket sender = make_socket();
    const int fd = sender.fd();
    set_ip_option(fd, IP_MULTICAST_IF, on_loopback({}), "setsockopt IP_MULTICAST_IF");
    set_ip_option(fd, IP_MULTICAST_TTL, 0, "setsockopt IP_MULTICAST_TTL");
    set_ip_option(fd, IP_MULTICAST_LOOP, 1, "setsockopt IP_MULTICAST_LOOP");
    if (connect(fd, reinterpret_cast<const sockaddr*>(&group_), sizeof group_) != 0) refuse_group("connect", errno);
    senders_.push_back(std::move(sender));
  }

  /// Sends one datagram and sees it arrive everywhere: a firewall may throw it away without a word.
  void probe() const {
    const std::byte one{};
    if (::send(senders_.front().fd(), &one, sizeof one, MSG_NOSIGNAL) != sizeof one) refuse_group("send", errno);
    for (const Socket& receiver : receivers_) {
      pollfd entry{receiver.fd(), POLLIN, 0};
      std::byte taken;
      if (poll(&entry, 1, kProbeMs) > 0 && ::recv(entry.fd, &taken, sizeof taken, MSG_DONTWAIT) == sizeof taken) continue;
      Failure failure{ErrorCode::system_refused, "what is sent to the group " + text_of(group_) + " does not arrive",
                      "See whether a firewall drops multicast on the loopback interface (nft list ruleset)."};
      failure.where = "recv";
      failure.exit_code = kExitSystem;
      throw failure;
    }
  }

  const Settings& settings_;
  StatsPage& page_;
  sockaddr_in group_;
  std::vector<Socket> receivers_;
  std::vector<Socket> senders_;
  std::vector<ObjectInfo> objects_;
};

int multicast_peer(PeerContext& context) {
  MulticastChannel channel(context);
  return run_loops(context, channel);
}

}  // namespace

MechanismRow multicast_mechanism() {
  return {
      "multicast",
      "message_passing",
      {"plain"},
      // Copies of one message go to all who have joined, so that no pattern gives each message to one of several.
      {"broadcast", "stream", "fan_in"},
      options,
      [](Settings&) {},
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<MulticastResource>(settings, page);
      },
      multicast_peer,
  };
}

}  // namespace ipc
