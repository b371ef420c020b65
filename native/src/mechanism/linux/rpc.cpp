/// Remote procedure calls: ONC RPC version 2 (RFC 5531) over real sockets on this machine: TCP and UDP on loopback, or a
/// Unix stream socket. A call is a round trip, so there is no other pattern.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>

#include "catalogue/catalogue.hpp"
#include "mechanism/posix/rpc_channel.hpp"
#include "ownership/names.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"
#include "system/descriptor.hpp"

namespace ipc {

namespace {

/// What fits into one datagram together with the headers and strings of any call and reply of our program.
constexpr std::uint64_t kMaxUdpMessageBytes = 65'160;
static_assert(kMaxUdpMessageBytes + rpc::kCallHeaderBytes + 2 * (4 + rpc::kMaxLabelBytes) + 4 <= rpc::kMaxDatagramBytes);
static_assert(kMaxUdpMessageBytes + rpc::kReplyHeaderBytes + rpc::kMaxSummaryBytes + 16 <= rpc::kMaxDatagramBytes);

/// How long a receiver over UDP waits before it sees whether the other side is still there.
constexpr int kUdpPatienceUs = 100'000;

Descriptor new_socket(int family, int type) {
  Descriptor made(::socket(family, type | SOCK_CLOEXEC, 0));
  if (made.fd() < 0) throw system_failure("socket", errno);
  return made;
}

/// Any address of a socket: an IPv4 one of loopback, or an abstract Unix one (unix(7)).
struct Address {
  union {
    sockaddr any;
    sockaddr_in in;
    sockaddr_un un;
  };
  socklen_t length = sizeof(sockaddr_un);

  Address() : un{} {}
  bool operator==(const Address& other) const {
    return length == other.length && std::memcmp(&un, &other.un, length) == 0;
  }
};

Address loopback() {
  Address address;
  address.in.sin_family = AF_INET;
  address.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.length = sizeof(sockaddr_in);
  return address;
}

/// The abstract name `@name`: it lives in no folder, and ends with its socket.
Address abstract(const std::string& name) {
  Address address;
  address.un.sun_family = AF_UNIX;
  std::memcpy(address.un.sun_path + 1, name.data(), name.size());
  address.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  return address;
}

void bind_to(int fd, const Address& address) {
  if (bind(fd, &address.any, address.length) != 0) throw system_failure("bind", errno);
}

void connect_to(int fd, const Address& address) {
  if (connect(fd, &address.any, address.length) != 0) throw system_failure("connect", errno);
}

Address own_address(int fd) {
  Address address;
  if (getsockname(fd, &address.any, &address.length) != 0) throw system_failure("getsockname", errno);
  return address;
}

std::string text_of(const Address& address) {
  if (address.any.sa_family == AF_UNIX) return "@" + std::string(address.un.sun_path + 1);
  return "127.0.0.1:" + std::to_string(ntohs(address.in.sin_port));
}

std::uint64_t buffer_bytes(int fd, int option) {
  int value = 0;
  socklen_t length = sizeof value;
  return getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0 && value > 0 ? static_cast<std::uint64_t>(value) : 0;
}

/// The two ends of a connection, and what it is called.
struct Ends {
  Descriptor client;
  Descriptor server;
  std::string name;
};

Ends connected_stream(int family, const Address& door, const Address& from) {
  Ends ends{new_socket(family, SOCK_STREAM), Descriptor(), ""};
  const Descriptor listener = new_socket(family, SOCK_STREAM);
  bind_to(listener.fd(), door);
  if (listen(listener.fd(), 8) != 0) throw system_failure("listen", errno);
  bind_to(ends.client.fd(), from);
  const Address open_at = own_address(listener.fd());
  connect_to(ends.client.fd(), open_at);
  const Address own = own_address(ends.client.fd());
  // The door is open to every program of this machine for a moment: only our own connection is let in.
  for (;;) {
    Address caller;
    Descriptor accepted(accept4(listener.fd(), &caller.any, &caller.length, SOCK_CLOEXEC));
    if (accepted.fd() < 0) throw system_failure("accept", errno);
    if (!(caller == own)) continue;
    ends.server = std::move(accepted);
    ends.name = text_of(own) + " to " + text_of(open_at);
    return ends;
  }
}

/// Connected both ways, so that the system itself throws away what others send.
Ends connected_datagrams() {
  Ends ends{new_socket(AF_INET, SOCK_DGRAM), new_socket(AF_INET, SOCK_DGRAM), ""};
  const timeval patience{0, kUdpPatienceUs};
  for (const int fd : {ends.client.fd(), ends.server.fd()}) {
    bind_to(fd, loopback());
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0) {
      throw system_failure("setsockopt SO_RCVTIMEO", errno);
    }
  }
  const Address client = own_address(ends.client.fd());
  const Address server = own_address(ends.server.fd());
  connect_to(ends.client.fd(), server);
  connect_to(ends.server.fd(), client);
  ends.name = text_of(client) + " to " + text_of(server);
  return ends;
}

Ends make_ends(const Settings& settings) {
  if (settings.kind.view() == "udp") return connected_datagrams();
  if (settings.kind.view() == "tcp") return connected_stream(AF_INET, loopback(), loopback());
  const int pid = static_cast<int>(getpid());
  return connected_stream(AF_UNIX, abstract(object_name(pid, "rpc-server")), abstract(object_name(pid, "rpc-client")));
}

class RpcResource final : public Resource {
 public:
  RpcResource(const Settings& settings, StatsPage& page)
      : page_(page), kind_(settings.kind.view()), blocking_(settings.blocking), ends_(make_ends(settings)) {
    client_fd_ = ends_.client.fd();
    server_fd_ = ends_.server.fd();
    if (!blocking_) {
      for (const int fd : {client_fd_, server_fd_}) {
        int on = 1;
        if (ioctl(fd, FIONBIO, &on) != 0) throw system_failure("ioctl FIONBIO", errno);
      }
    }
    page.slots[0].endpoint = {client_fd_, client_fd_};
    page.slots[1].endpoint = {server_fd_, server_fd_};
    capacity_ = capacity_of(client_fd_, server_fd_);
  }

  std::vector<ObjectInfo> objects() const override { return {{"socket", ends_.name, "none", capacity_}}; }

  std::vector<int> inherited(unsigned ordinal) const override { return {ordinal == 0 ? client_fd_ : server_fd_}; }

  void started() override {
    ends_.client.close_now();
    ends_.server.close_now();
  }

  /// The calls that the server has not taken, and where the time of those went that were sampled since the last reading.
  Occupancy occupancy(const std::vector<Child>& peers) override {
    Occupancy now;
    const Descriptor server(borrow_descriptor(peers[1], server_fd_));
    int untaken = 0;
    if (server.fd() >= 0 && ioctl(server.fd(), FIONREAD, &untaken) == 0 && untaken >= 0) {
      now.used_bytes = static_cast<std::uint64_t>(untaken);
      now.capacity_bytes = capacity_;
    }
    read_times();
    if (times_.samples > 0) now.gauges = gauges_;
    return now;
  }

  bool waits_inside_calls() const override { return blocking_; }

 private:
  struct Times {
    std::uint64_t samples = 0;
    std::uint64_t marshal_ns = 0;
    std::uint64_t transport_ns = 0;
    std::uint64_t execute_ns = 0;
    std::uint64_t unmarshal_ns = 0;
  };

  /// Over TCP both buffers hold what is under way; otherwise what is sent lies in one of them at once.
  std::uint64_t capacity_of(int client, int server) const {
    if (kind_ == "udp") return buffer_bytes(server, SO_RCVBUF);
    return buffer_bytes(client, SO_SNDBUF) + (kind_ == "tcp" ? buffer_bytes(server, SO_RCVBUF) : 0);
  }

  /// Leaves everything as it was when there is nothing new, or when the client is just writing: then the next tick has it.
  void read_times() {
    const CallTimes& shared = page_.call_times;
    const std::uint64_t version = shared.version.load(std::memory_order_acquire);
    const Times all = {version / 2, shared.marshal_ns.get(), shared.transport_ns.get(), shared.execute_ns.get(),
                       shared.unmarshal_ns.get()};
    std::atomic_thread_fence(std::memory_order_acquire);
    const bool torn = version % 2 != 0 || shared.version.load(std::memory_order_relaxed) != version;
    const std::uint64_t fresh = all.samples - times_.samples;
    if (torn || fresh == 0) return;
    gauges_ = {{"marshal_ns", (all.marshal_ns - times_.marshal_ns) / fresh},
               {"transport_ns", (all.transport_ns - times_.transport_ns) / fresh},
               {"execute_ns", (all.execute_ns - times_.execute_ns) / fresh},
               {"unmarshal_ns", (all.unmarshal_ns - times_.unmarshal_ns) / fresh}};
    times_ = all;
  }

  StatsPage& page_;
  std::string kind_;
  bool blocking_;
  Ends ends_;
  int client_fd_ = -1;
  int server_fd_ = -1;
  std::uint64_t capacity_ = 0;
  /// As they were at the last reading.
  Times times_;
  std::vector<std::pair<const char*, std::uint64_t>> gauges_;
};

void resolve(Settings& settings) {
  if (settings.kind.view() != "udp" || settings.size_bytes <= kMaxUdpMessageBytes) return;
  Failure failure{ErrorCode::out_of_range, "over UDP a call and its argument are one datagram",
                  "Use a smaller size, or the kind tcp or unix."};
  failure.where = "--size";
  failure.value = std::to_string(settings.size_bytes);
  failure.allowed = "1.." + std::to_string(kMaxUdpMessageBytes);
  throw failure;
}

int rpc_peer(PeerContext& context) {
  if (context.role() == Role::producer) {
    RpcClientChannel channel(context);
    return run_loops(context, channel);
  }
  RpcServerChannel channel(context);
  return run_loops(context, channel);
}

}  // namespace

MechanismRow rpc_mechanism() {
  return {
      "rpc",
      "message_passing",
      {"plain"},
      {"pingpong"},
      [] {
        return session_options(
            {.max_message_bytes = rpc::kMaxContentBytes},
            {choice_option("kind", "--kind", {"tcp", "udp", "unix"}, &Settings::kind),
             choice_option("procedure", "--procedure", {"echo", "sum", "describe"}, &Settings::procedure)});
      },
      resolve,
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<RpcResource>(settings, page);
      },
      rpc_peer,
  };
}

}  // namespace ipc
