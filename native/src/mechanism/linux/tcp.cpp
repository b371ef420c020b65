/// TCP on loopback (tcp(7)). `plain` leaves the socket as the system makes it; `tuned` sends at once (TCP_NODELAY), and
/// gathers small messages itself, with large buffers for them; `zerocopy` besides that pins the sender's pages (zerocopy_channel.hpp).
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/borrowed_socket.hpp"
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

std::uint64_t max_capacity() { return std::min(max_send_buffer(), max_receive_buffer()); }

/// The size of both buffers, bytes; 0: as the system grows them while it goes (tcp(7), tcp_wmem and tcp_rmem), which a fixed
/// size ends, and which great messages are better off with.
std::uint64_t wanted_capacity(const Settings& settings) {
  const bool gathers = !settings.plain() && !settings.pingpong() && messages_a_batch(settings.size_bytes, kBatchBytes) > 1;
  return settings.capacity_bytes == 0 && gathers ? max_capacity() : settings.capacity_bytes;
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

class TcpResource final : public Resource {
 public:
  TcpResource(const Settings& settings, StatsPage& page)
      : producer_(page.slots[0]),
        zerocopy_(is_zerocopy(settings)),
        blocking_(settings.blocking),
        message_bytes_(settings.size_bytes),
        client_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
        server_(connect_client(settings)) {
    if (!settings.blocking) {
      make_nonblocking(client_.fd());
      make_nonblocking(server_.fd());
    }
    if (!settings.plain()) {
      set_option(client_.fd(), IPPROTO_TCP, TCP_NODELAY, 1, "setsockopt TCP_NODELAY");
      set_option(server_.fd(), IPPROTO_TCP, TCP_NODELAY, 1, "setsockopt TCP_NODELAY");
    }
    if (is_zerocopy(settings)) set_option(client_.fd(), SOL_SOCKET, SO_ZEROCOPY, 1, "setsockopt SO_ZEROCOPY");
    client_fd_ = client_.fd();
    server_fd_ = server_.fd();
    page.slots[0].endpoint = {client_fd_, client_fd_};
    page.slots[1].endpoint = {server_fd_, server_fd_};
    name_ = text_of(own_address<sockaddr_in>(client_.fd())) + " to " + text_of(own_address<sockaddr_in>(server_.fd()));
    capacity_ = buffer_bytes(client_.fd(), SO_SNDBUF) + buffer_bytes(server_.fd(), SO_RCVBUF);
  }

  std::vector<ObjectInfo> objects() const override { return {{"socket", name_, "none", capacity_}}; }

  std::vector<int> inherited(unsigned ordinal) const override { return {ordinal == 0 ? client_fd_ : server_fd_}; }

  void started() override {
    client_.close_now();
    server_.close_now();
  }

  /// From producer to consumer: what the sender still holds, and what the receiver has not taken.
  Occupancy occupancy(const std::vector<Child>& peers) override {
    Occupancy now;
    const BorrowedSocket sender(peers[0], client_fd_);
    const BorrowedSocket receiver(peers[1], server_fd_);
    const auto unsent = sender.unsent_bytes();
    const auto untaken = receiver.readable_bytes();
    // Both or neither: one half alone would look like an empty channel.
    if (unsent && untaken) {
      now.used_bytes = *unsent + *untaken;
      now.used_messages = *now.used_bytes / message_bytes_;
      // Grows as the system sees fit (tcp(7), tcp_wmem and tcp_rmem), so it is asked for each time.
      now.capacity_bytes = buffer_bytes(sender.fd(), SO_SNDBUF) + buffer_bytes(receiver.fd(), SO_RCVBUF);
    }
    if (sender.valid()) now.gauges = gauges_of(sender.fd());
    if (zerocopy_) {
      now.gauges.emplace_back("zerocopy_sends", producer_.zerocopy_sends.get());
      now.gauges.emplace_back("zerocopy_copied", producer_.zerocopy_copied.get());
    }
    return now;
  }

  bool waits_inside_calls() const override { return blocking_; }

 private:
  /// Connects client_ to a listener that lives no longer than this function, and answers the other end.
  int connect_client(const Settings& settings) {
    const Socket listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = loopback_address();
    if (bind(listener.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw system_failure("bind", errno);
    }
    const std::uint64_t wanted = wanted_capacity(settings);
    if (wanted != 0) {
      // Before the connection exists, because the window scale is agreed on when it is made (tcp(7)).
      ask_for_buffers(listener.fd(), wanted);
      ask_for_buffers(client_.fd(), wanted);
    }
    if (listen(listener.fd(), 8) != 0) throw system_failure("listen", errno);
    address = own_address<sockaddr_in>(listener.fd());
    if (connect(client_.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw system_failure("connect", errno);
    }
    const auto own = own_address<sockaddr_in>(client_.fd());
    for (;;) {
      sockaddr_in peer{};
      socklen_t length = sizeof peer;
      const int accepted = accept4(listener.fd(), reinterpret_cast<sockaddr*>(&peer), &length, SOCK_CLOEXEC);
      if (accepted < 0) throw system_failure("accept", errno);
      // The port is open to every program of this machine for a moment: only our own connection is let in.
      if (peer.sin_port == own.sin_port && peer.sin_addr.s_addr == own.sin_addr.s_addr) return accepted;
      ::close(accepted);
    }
  }

  const PeerSlot& producer_;
  bool zerocopy_;
  bool blocking_;
  std::uint64_t message_bytes_;
  Socket client_;
  Socket server_;
  int client_fd_ = -1;
  int server_fd_ = -1;
  std::string name_;
  std::uint64_t capacity_ = 0;
};

void resolve(Settings& settings) {
  refuse_several_tuned(settings);
  refuse_without_uring(settings);
  if (is_zerocopy(settings)) refuse_conversation(settings);
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
  FdChannel<SocketCalls> channel(context);
  return run_loops(context, channel);
}

}  // namespace

MechanismRow tcp_mechanism() {
  return {
      "tcp",
      "message_passing",
      {"plain", "tuned", "zerocopy", "uring"},
      {"stream", "pingpong"},
      [] { return session_options({.max_capacity = max_capacity()}); },
      resolve,
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<TcpResource>(settings, page);
      },
      tcp_peer,
  };
}

}  // namespace ipc
