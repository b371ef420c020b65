/// What sockets of every family have in common: making them, their options, and the two calls on them.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "measure/call_log.hpp"
#include "protocol/failure.hpp"
#include "system/bound.hpp"

namespace ipc {

/// The greatest datagram of UDP: the 16-bit length of an IPv4 packet less its header of 20 bytes and UDP's of 8 (RFC 791,
/// RFC 768).
inline constexpr std::uint64_t kMaxDatagramBytes = 65'507;

/// The calls on a stream socket, for FdChannel.
struct SocketCalls {
  static constexpr CallName kPut = CallName::send;
  static constexpr CallName kTake = CallName::recv;
  static constexpr const char* kPutName = "send";
  static constexpr const char* kTakeName = "recv";
  static ssize_t put(int fd, const std::byte* data, std::size_t size) { return ::send(fd, data, size, MSG_NOSIGNAL); }
  static ssize_t take(int fd, std::byte* data, std::size_t size) { return ::recv(fd, data, size, 0); }
  /// The same two of a call that never waits, whatever the socket is set to.
  static ssize_t put_now(int fd, const std::byte* data, std::size_t size) {
    return ::send(fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  static ssize_t take_now(int fd, std::byte* data, std::size_t size) { return ::recv(fd, data, size, MSG_DONTWAIT); }
  static void half_close(int fd) { ::shutdown(fd, SHUT_WR); }
};

/// The calls on a connected socket that keeps the borders of messages (SOCK_SEQPACKET).
struct SeqpacketCalls : SocketCalls {
  static constexpr bool kRecords = true;
  /// MSG_TRUNC: the answer is the message's real size, so that one that was cut is known.
  static ssize_t take_now(int fd, std::byte* data, std::size_t size) {
    return ::recv(fd, data, size, MSG_DONTWAIT | MSG_TRUNC);
  }
};

/// A descriptor that closes itself.
class Socket {
 public:
  /// Throws Failure for the -1 of a call that failed; errno is still that call's then.
  explicit Socket(int fd) : fd_(fd) {
    if (fd < 0) throw system_failure("socket", errno);
  }
  ~Socket() { close_now(); }
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
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

/// setsockopt(2) of a number; `call` names it in the Failure that this throws.
void set_option(int fd, int level, int option, int value, const char* call);

/// What getsockopt(2) tells of SO_SNDBUF or SO_RCVBUF, bytes. Linux doubles what was asked for, for its own bookkeeping
/// (socket(7)). 0 when it cannot be told.
std::uint64_t buffer_bytes(int fd, int option);

/// Asks for a send and a receive buffer of this many bytes each. Throws Failure.
void ask_for_buffers(int fd, std::uint64_t bytes);

/// The greatest SO_SNDBUF and SO_RCVBUF of a user without privileges, bytes. The kernel cuts a larger wish down silently
/// (socket(7)), so callers refuse it.
std::uint64_t max_send_buffer();
std::uint64_t max_receive_buffer();

/// The same with the limits' names: of the send buffer alone, and of the one of the two that allows less.
Bound send_buffer_bound();
Bound buffers_bound();

/// Makes the calls on it answer EAGAIN rather than wait. Throws Failure.
void make_nonblocking(int fd);

/// Makes a call that waits for a message answer EAGAIN after `ms` (SO_RCVTIMEO). Throws Failure.
void limit_receive_wait(int fd, int ms);

/// The address that this socket is bound to. Throws Failure.
template <class Address>
Address own_address(int fd) {
  Address address{};
  socklen_t length = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) throw system_failure("getsockname", errno);
  return address;
}

/// An IPv4 address as `127.0.0.1:4646`.
std::string text_of(const sockaddr_in& address);

/// 127.0.0.1 and a port that the system is to choose.
sockaddr_in loopback_address();

}  // namespace ipc
