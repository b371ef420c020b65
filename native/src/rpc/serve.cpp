#include "rpc/serve.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "protocol/failure.hpp"
#include "rpc/program.hpp"
#include "system/descriptor.hpp"

namespace ipc::rpc {

namespace {

/// Connections at a time; others wait in the listener's queue.
constexpr std::size_t kMaxConnections = 64;

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

/// One client's stream: either a call is being read, or its reply is being written.
class Connection {
 public:
  Connection(int fd, const Program& program) : socket_(fd), program_(program), reader_(kMaxRecordBytes) {}

  int fd() const { return socket_.fd(); }
  short awaits() const { return sent_ < reply_.size() ? POLLOUT : POLLIN; }

  /// Does what can be done without waiting; false when the connection is to be closed.
  bool go_on() { return sent_ < reply_.size() ? write_some() : read_some(); }

 private:
  bool read_some() {
    const std::span<std::byte> wanted = reader_.wanted();
    const ssize_t count = ::recv(fd(), wanted.data(), wanted.size(), 0);
    if (count < 0) return would_block(errno);
    if (count == 0) return false;
    try {
      if (!reader_.took(static_cast<std::size_t>(count))) return true;
    } catch (const RecordTooLong&) {
      return false;
    }
    XdrEncoder reply;
    if (!answer_call(program_, reader_.record(), reply)) return false;
    reply_ = marked_record(reply.bytes());
    sent_ = 0;
    return write_some();
  }

  bool write_some() {
    const ssize_t count = ::send(fd(), reply_.data() + sent_, reply_.size() - sent_, MSG_NOSIGNAL);
    if (count < 0) return would_block(errno);
    sent_ += static_cast<std::size_t>(count);
    return true;
  }

  Descriptor socket_;
  const Program& program_;
  RecordReader reader_;
  Bytes reply_;
  std::size_t sent_ = 0;
};

Descriptor bound_socket(Framing framing, unsigned port) {
  const int type = framing == Framing::stream ? SOCK_STREAM : SOCK_DGRAM;
  Descriptor door(::socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (door.fd() < 0) throw system_failure("socket", errno);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(door.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw system_failure("bind", errno);
  if (framing == Framing::stream && listen(door.fd(), SOMAXCONN) != 0) throw system_failure("listen", errno);
  return door;
}

unsigned port_of(int fd) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) throw system_failure("getsockname", errno);
  return ntohs(address.sin_port);
}

/// Whether there is nobody left at the other end.
bool ended(int fd) {
  char thrown_away[256];
  const ssize_t count = ::read(fd, thrown_away, sizeof thrown_away);
  return count == 0 || (count < 0 && !would_block(errno));
}

void answer_datagram(const Program& program, int fd, Bytes& buffer) {
  sockaddr_in sender{};
  socklen_t length = sizeof sender;
  const ssize_t count =
      ::recvfrom(fd, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&sender), &length);
  XdrEncoder reply;
  if (count < 0 || !answer_call(program, BytesView(buffer).first(static_cast<std::size_t>(count)), reply)) return;
  // A reply that cannot be sent is as good as one that is lost: whoever calls over datagrams must ask again.
  [[maybe_unused]] const ssize_t sent =
      ::sendto(fd, reply.bytes().data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&sender), length);
}

}  // namespace

void serve(const Program& program, Framing framing, unsigned port, int until_fd,
           const std::function<void(unsigned port)>& serving) {
  const Descriptor door = bound_socket(framing, port);
  std::vector<std::unique_ptr<Connection>> connections;
  Bytes datagram(framing == Framing::datagram ? kMaxDatagramBytes : 0);
  serving(port_of(door.fd()));
  for (;;) {
    const bool full = connections.size() >= kMaxConnections;
    std::vector<pollfd> entries = {{until_fd, POLLIN, 0}, {full ? -1 : door.fd(), POLLIN, 0}};
    for (const auto& connection : connections) entries.push_back({connection->fd(), connection->awaits(), 0});
    if (poll(entries.data(), entries.size(), -1) < 0 && errno != EINTR) throw system_failure("poll", errno);
    if (entries[0].revents != 0 && ended(until_fd)) return;
    for (std::size_t i = connections.size(); i-- > 0;) {
      if (entries[i + 2].revents != 0 && !connections[i]->go_on()) {
        connections.erase(connections.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
    if (entries[1].revents == 0) continue;
    if (framing == Framing::datagram) {
      answer_datagram(program, door.fd(), datagram);
      continue;
    }
    const int client = accept4(door.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client >= 0) {
      connections.push_back(std::make_unique<Connection>(client, program));
    } else if (!would_block(errno) && errno != ECONNABORTED) {
      throw system_failure("accept4", errno);
    }
  }
}

}  // namespace ipc::rpc
