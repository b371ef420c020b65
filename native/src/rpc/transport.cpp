#include "rpc/transport.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>

#include "protocol/failure.hpp"

namespace ipc::rpc {

namespace {

Failure bad_answer(std::string message) {
  Failure failure{ErrorCode::peer_failed, std::move(message), "See whether the other side speaks ONC RPC."};
  failure.exit_code = kExitSystem;
  return failure;
}

}  // namespace

Transport::Transport(int fd, Framing framing, std::size_t limit)
    : fd_(fd), framing_(framing), reader_(limit), datagram_(framing == Framing::datagram ? kMaxDatagramBytes : 0) {}

Transport::~Transport() { ::close(fd_); }

void Transport::send(BytesView message) {
  const Bytes record = framing_ == Framing::stream ? marked_record(message) : Bytes{};
  BytesView left = framing_ == Framing::stream ? BytesView(record) : message;
  while (!left.empty()) {
    const ssize_t sent = ::send(fd_, left.data(), left.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) throw system_failure("send", errno);
    left = left.subspan(static_cast<std::size_t>(sent));
  }
}

BytesView Transport::receive() { return framing_ == Framing::stream ? receive_record() : receive_datagram(); }

BytesView Transport::receive_record() {
  for (;;) {
    const std::span<std::byte> wanted = reader_.wanted();
    const ssize_t count = ::recv(fd_, wanted.data(), wanted.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {};
    if (count < 0) throw system_failure("recv", errno);
    if (count == 0) {
      throw bad_answer(reader_.between_records() ? "the connection was closed without an answer"
                                                 : "the connection was closed in the middle of a record");
    }
    try {
      if (reader_.took(static_cast<std::size_t>(count))) return reader_.record();
    } catch (const RecordTooLong& record) {
      throw bad_answer("a record is longer than " + std::to_string(record.limit) + " bytes");
    }
  }
}

BytesView Transport::receive_datagram() {
  for (;;) {
    const ssize_t count = ::recv(fd_, datagram_.data(), datagram_.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {};
    if (count < 0) throw system_failure("recv", errno);
    return BytesView(datagram_).first(static_cast<std::size_t>(count));
  }
}

int connect_loopback(unsigned port, Framing framing, int patience_ms) {
  const int fd = ::socket(AF_INET, (framing == Framing::stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
  if (fd < 0) throw system_failure("socket", errno);
  const timeval patience{patience_ms / 1000, patience_ms % 1000 * 1000};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    const int error = errno;
    ::close(fd);
    throw system_failure("connect", error);
  }
  return fd;
}

}  // namespace ipc::rpc
