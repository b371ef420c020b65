/// TCP on loopback (tcp(7)). `plain` leaves the socket as the system makes it; `tuned` sends at once (TCP_NODELAY) and asks
/// for large buffers.
#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "catalogue/catalogue.hpp"
#include "mechanism/posix/fd_channel.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"
#include "system/facts.hpp"

namespace ipc {

namespace {

struct SocketCalls {
  static constexpr CallName kPut = CallName::send;
  static constexpr CallName kTake = CallName::recv;
  static constexpr const char* kPutName = "send";
  static constexpr const char* kTakeName = "recv";
  static ssize_t put(int fd, const std::byte* data, std::size_t size) { return ::send(fd, data, size, MSG_NOSIGNAL); }
  static ssize_t take(int fd, std::byte* data, std::size_t size) { return ::recv(fd, data, size, 0); }
  static void half_close(int fd) { ::shutdown(fd, SHUT_WR); }
};

/// The kernel clamps larger wishes silently (socket(7)), so larger ones are refused.
std::uint64_t max_capacity() {
  const std::uint64_t send = number_in_file("/proc/sys/net/core/wmem_max");
  const std::uint64_t receive = number_in_file("/proc/sys/net/core/rmem_max");
  return send != 0 && receive != 0 ? std::min(send, receive) : 212'992;
}

constexpr std::uint64_t kTunedCapacity = 1 << 20;

/// A descriptor that closes itself.
class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {
    if (fd < 0) throw system_failure("socket", errno);
  }
  ~Socket() { close_now(); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }
  void close_now() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

void set_option(int fd, int level, int option, int value, const char* call) {
  if (setsockopt(fd, level, option, &value, sizeof value) != 0) throw system_failure(call, errno);
}

std::uint64_t buffer_bytes(int fd, int option) {
  int value = 0;
  socklen_t length = sizeof value;
  return getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0 && value > 0 ? static_cast<std::uint64_t>(value) : 0;
}

sockaddr_in own_address(int fd) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) throw system_failure("getsockname", errno);
  return address;
}

std::string text_of(const sockaddr_in& address) {
  char text[INET_ADDRSTRLEN] = "";
  inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
  return std::string(text) + ":" + std::to_string(ntohs(address.sin_port));
}

class TcpResource final : public Resource {
 public:
  TcpResource(const Settings& settings, StatsPage& page)
      : blocking_(settings.blocking),
        message_bytes_(settings.size_bytes),
        client_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
        server_(connect_client(settings)) {
    if (!settings.blocking) {
      for (const int fd : {client_.fd(), server_.fd()}) {
        int on = 1;
        if (ioctl(fd, FIONBIO, &on) != 0) throw system_failure("ioctl FIONBIO", errno);
      }
    }
    if (settings.tuned()) {
      set_option(client_.fd(), IPPROTO_TCP, TCP_NODELAY, 1, "setsockopt TCP_NODELAY");
      set_option(server_.fd(), IPPROTO_TCP, TCP_NODELAY, 1, "setsockopt TCP_NODELAY");
    }
    client_fd_ = client_.fd();
    server_fd_ = server_.fd();
    page.slots[0].endpoint = {client_fd_, client_fd_};
    page.slots[1].endpoint = {server_fd_, server_fd_};
    name_ = text_of(own_address(client_.fd())) + " to " + text_of(own_address(server_.fd()));
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
    const int sender = borrow_descriptor(peers[0], client_fd_);
    const int receiver = borrow_descriptor(peers[1], server_fd_);
    int unsent = 0;
    int untaken = 0;
    // Both or neither: one half alone would look like an empty channel.
    if (sender >= 0 && receiver >= 0 && ioctl(sender, SIOCOUTQ, &unsent) == 0 &&
        ioctl(receiver, FIONREAD, &untaken) == 0) {
      now.used_bytes = static_cast<std::uint64_t>(std::max(0, unsent)) + static_cast<std::uint64_t>(std::max(0, untaken));
      now.used_messages = *now.used_bytes / message_bytes_;
      // Grows as the system sees fit (tcp(7), tcp_wmem and tcp_rmem), so it is asked for each time.
      now.capacity_bytes = buffer_bytes(sender, SO_SNDBUF) + buffer_bytes(receiver, SO_RCVBUF);
    }
    if (sender >= 0) ::close(sender);
    if (receiver >= 0) ::close(receiver);
    return now;
  }

  bool waits_inside_calls() const override { return blocking_; }

 private:
  /// Connects client_ to a listener that lives no longer than this function, and answers the other end.
  int connect_client(const Settings& settings) {
    const Socket listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // Port 0: the system chooses a free one.
    if (bind(listener.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw system_failure("bind", errno);
    }
    const std::uint64_t wanted =
        settings.capacity_bytes != 0 ? settings.capacity_bytes : settings.tuned() ? std::min(kTunedCapacity, max_capacity()) : 0;
    if (wanted != 0) {
      // Before the connection exists, because the window scale is agreed on when it is made (tcp(7)).
      for (const int fd : {listener.fd(), client_.fd()}) {
        set_option(fd, SOL_SOCKET, SO_SNDBUF, static_cast<int>(wanted), "setsockopt SO_SNDBUF");
        set_option(fd, SOL_SOCKET, SO_RCVBUF, static_cast<int>(wanted), "setsockopt SO_RCVBUF");
      }
    }
    if (listen(listener.fd(), 8) != 0) throw system_failure("listen", errno);
    address = own_address(listener.fd());
    if (connect(client_.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw system_failure("connect", errno);
    }
    const sockaddr_in own = own_address(client_.fd());
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

  bool blocking_;
  std::uint64_t message_bytes_;
  Socket client_;
  Socket server_;
  int client_fd_ = -1;
  int server_fd_ = -1;
  std::string name_;
  std::uint64_t capacity_ = 0;
};

int tcp_peer(PeerContext& context) {
  FdChannel<SocketCalls> channel(context);
  return run_loops(context, channel);
}

}  // namespace

MechanismRow tcp_mechanism() {
  return {
      "tcp",
      "message_passing",
      {"plain", "tuned"},
      {"stream", "pingpong"},
      [] { return session_options({.max_capacity = max_capacity()}); },
      [](Settings&) {},
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<TcpResource>(settings, page);
      },
      tcp_peer,
  };
}

}  // namespace ipc
