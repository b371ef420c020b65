/// TCP on loopback (tcp(7)). `plain` leaves the socket as the system makes it; `tuned` sends at once (TCP_NODELAY), and
/// gathers small messages itself, with large buffers for them; `zerocopy` besides that pins the sender's pages (zerocopy_channel.hpp).
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/borrowed_socket.hpp"
#include "mechanism/linux/connections.hpp"
#include "mechanism/linux/readiness.hpp"
#include "mechanism/linux/uring_channel.hpp"
#include "mechanism/linux/zerocopy_channel.hpp"
#include "mechanism/posix/batch_channel.hpp"
#include "mechanism/posix/fd_channel.hpp"
#include "mechanism/posix/socket.hpp"
#include "mechanism/posix/tuned.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"

namespace ipc {

namespace {

/// The size of both buffers, bytes; 0: as the system grows them while it goes (tcp(7), tcp_wmem and tcp_rmem), which a fixed
/// size ends, and which great messages are better off with.
std::uint64_t wanted_capacity(const Settings& settings) {
  const bool gathers = !settings.plain() && !settings.pingpong() && messages_a_batch(settings.size_bytes, kBatchBytes) > 1;
  return settings.capacity_bytes == 0 && gathers ? buffers_bound().value : settings.capacity_bytes;
}

bool is_zerocopy(const Settings& settings) { return settings.variant.view() == "zerocopy"; }

/// What the sender's kernel thinks of the connection (TCP_INFO, tcp(7); linux/tcp.h tells the units): one call a tick.
std::vector<std::pair<const char*, std::uint64_t>> gauges_of(int sender) {
  constexpr std::uint64_t kNsPerUs = 1000;
  tcp_info info{};
  socklen_t length = sizeof info;
  if (getsockopt(sender, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return {};
  std::vector<std::pair<const char*, std::uint64_t>> gauges = {{"rtt_ns", info.tcpi_rtt * kNsPerUs},
                                                               {"unacked", info.tcpi_unacked}};
  // An older kernel fills less of the structure.
  if (length >= offsetof(tcp_info, tcpi_sndbuf_limited) + sizeof info.tcpi_sndbuf_limited) {
    gauges.insert(gauges.end(), {{"notsent_bytes", info.tcpi_notsent_bytes},
                                 {"busy_ns", info.tcpi_busy_time * kNsPerUs},
                                 {"rwnd_limited_ns", info.tcpi_rwnd_limited * kNsPerUs},
                                 {"sndbuf_limited_ns", info.tcpi_sndbuf_limited * kNsPerUs}});
  }
  return gauges;
}

/// Adds what another connection has; of the round trips the longest is shown.
void add_gauges(std::vector<std::pair<const char*, std::uint64_t>>& sum, int sender) {
  const auto gauges = gauges_of(sender);
  if (sum.empty()) {
    sum = gauges;
    return;
  }
  for (std::size_t i = 0; i < std::min(sum.size(), gauges.size()); ++i) {
    const bool longest = std::string_view(sum[i].first) == "rtt_ns";
    sum[i].second = longest ? std::max(sum[i].second, gauges[i].second) : sum[i].second + gauges[i].second;
  }
}

class TcpResource final : public Resource {
 public:
  TcpResource(const Settings& settings, StatsPage& page) : settings_(settings), page_(page) {
    // It lives no longer than this function.
    const Socket listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    open_listener(listener.fd());
    for (std::size_t k = 0; k < connections_of(settings); ++k) connect_one(listener.fd(), k);
  }

  std::vector<ObjectInfo> objects() const override { return objects_; }

  std::vector<int> inherited(unsigned ordinal) const override { return sockets_.inherited(ordinal); }

  void started() override { sockets_.let_go(); }

  /// From producers to consumers: what the senders still hold, and what the receivers have not taken.
  Occupancy occupancy(const std::vector<Child>& peers) override {
    Occupancy now;
    for (std::size_t k = 0; k < connections_of(settings_); ++k) {
      const BorrowedSocket sender(peers[producer_of(settings_, k)], page_.connections[k].send_fd);
      const BorrowedSocket receiver(peers[consumer_of(settings_, k)], page_.connections[k].receive_fd);
      const auto unsent = sender.unsent_bytes();
      const auto untaken = receiver.readable_bytes();
      // Both or neither: one half alone would look like an empty channel.
      if (unsent && untaken) {
        now.used_bytes = now.used_bytes.value_or(0) + *unsent + *untaken;
        // Grows as the system sees fit (tcp(7), tcp_wmem and tcp_rmem), so it is asked for each time.
        now.capacity_bytes = now.capacity_bytes.value_or(0) + buffer_bytes(sender.fd(), SO_SNDBUF) +
                             buffer_bytes(receiver.fd(), SO_RCVBUF);
      }
      if (sender.valid()) add_gauges(now.gauges, sender.fd());
    }
    if (now.used_bytes) now.used_messages = *now.used_bytes / settings_.size_bytes;
    if (is_zerocopy(settings_)) {
      const PeerSlot& producer = page_.slots[0];
      now.gauges.emplace_back("zerocopy_sends", producer.zerocopy_sends.get());
      now.gauges.emplace_back("zerocopy_copied", producer.zerocopy_copied.get());
    }
    return now;
  }

  bool waits_inside_calls() const override { return settings_.blocking || settings_.polled(); }

 private:
  void open_listener(int listener) const {
    const sockaddr_in address = loopback_address();
    if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw system_failure("bind", errno);
    }
    const std::uint64_t wanted = wanted_capacity(settings_);
    // Before the connections exist, because the window scale is agreed on when they are made (tcp(7)).
    if (wanted != 0) ask_for_buffers(listener, wanted);
    if (listen(listener, 8) != 0) throw system_failure("listen", errno);
  }

  void connect_one(int listener, std::size_t k) {
    Socket client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (const std::uint64_t wanted = wanted_capacity(settings_); wanted != 0) ask_for_buffers(client.fd(), wanted);
    const auto address = own_address<sockaddr_in>(listener);
    if (connect(client.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw system_failure("connect", errno);
    }
    Socket server = accept_own(listener, own_address<sockaddr_in>(client.fd()));
    for (const int fd : {client.fd(), server.fd()}) {
      if (!settings_.blocking) make_nonblocking(fd);
      if (!settings_.plain()) set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1, "setsockopt TCP_NODELAY");
    }
    if (is_zerocopy(settings_)) set_option(client.fd(), SOL_SOCKET, SO_ZEROCOPY, 1, "setsockopt SO_ZEROCOPY");
    objects_.push_back({"socket",
                        text_of(own_address<sockaddr_in>(client.fd())) + " to " +
                            text_of(own_address<sockaddr_in>(server.fd())),
                        "none", buffer_bytes(client.fd(), SO_SNDBUF) + buffer_bytes(server.fd(), SO_RCVBUF)});
    sockets_.hold_connection(page_, k, std::move(client), std::move(server));
  }

  /// The port is open to every program of this machine for a moment: only our own connection is let in.
  static Socket accept_own(int listener, const sockaddr_in& own) {
    for (;;) {
      sockaddr_in peer{};
      socklen_t length = sizeof peer;
      const int accepted = accept4(listener, reinterpret_cast<sockaddr*>(&peer), &length, SOCK_CLOEXEC);
      if (accepted < 0) throw system_failure("accept", errno);
      Socket socket(accepted);
      if (peer.sin_port == own.sin_port && peer.sin_addr.s_addr == own.sin_addr.s_addr) return socket;
    }
  }

  const Settings& settings_;
  StatsPage& page_;
  HeldSockets sockets_;
  std::vector<ObjectInfo> objects_;
};

void resolve(Settings& settings) {
  resolve_tuned(settings);
  refuse_without_uring(settings);
  resolve_receive(settings);
}

int run_zerocopy(PeerContext& context) {
  if (context.role() == Role::consumer) {
    BatchConsumer<SocketCalls> channel(context, kBatchBytes);
    return run_consumer(context, channel);
  }
  ZeroCopyProducer channel(context, kBatchBytes);
  return channel.valid() ? run_producer(context, channel) : context.end(Outcome::failed);
}

int tcp_peer(PeerContext& context) {
  const Settings& settings = context.settings();
  if (is_zerocopy(settings)) return run_zerocopy(context);
  if (is_uring(settings)) return run_uring<SocketCalls, IORING_OP_SEND>(context, kBatchBytes);
  if (settings.tuned() && !settings.pingpong()) return run_batched<SocketCalls>(context, kBatchBytes);
  if (!waits_on_one(context)) return run_on_streams(context);
  FdChannel<SocketCalls> channel(context);
  return run_loops(context, channel);
}

}  // namespace

MechanismRow tcp_mechanism() {
  return {
      "tcp",
      "message_passing",
      {"plain", "tuned", "zerocopy", "uring"},
      {"stream", "pingpong", "fan_in", "fan_out", "many_to_many", "broadcast", "dialogue"},
      [] {
        const Bound bound = buffers_bound();
        return session_options({.max_capacity = bound.value,
                                .several = true,
                                .capacity_bound = bound_text(bound),
                                .dialogue = true},
                               {receive_option()});
      },
      resolve,
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<TcpResource>(settings, page);
      },
      tcp_peer,
  };
}

}  // namespace ipc
