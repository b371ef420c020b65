/// A peer's socket as the supervisor looks at it for a moment.
#pragma once

#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <optional>

#include "system/process.hpp"

namespace ipc {

/// What SO_MEMINFO tells, by the indices SK_MEMINFO_* of linux/sock_diag.h.
using SocketMemory = std::array<std::uint32_t, SK_MEMINFO_VARS>;

/// Kept, the descriptor would hide from the one peer that the other is gone; so it is closed again at once.
class BorrowedSocket {
 public:
  BorrowedSocket(const Child& peer, int fd) : fd_(borrow_descriptor(peer, fd)) {}
  ~BorrowedSocket() {
    if (fd_ >= 0) ::close(fd_);
  }
  BorrowedSocket(const BorrowedSocket&) = delete;
  BorrowedSocket& operator=(const BorrowedSocket&) = delete;

  bool valid() const { return fd_ >= 0; }
  int fd() const { return fd_; }

  /// Bytes that can be read (FIONREAD): of a stream or seqpacket socket all of them, of a datagram socket those of the
  /// next message.
  std::optional<std::uint64_t> readable_bytes() const { return ask(FIONREAD); }

  /// SIOCOUTQ: of TCP the bytes that are not acknowledged, of a Unix socket the memory that its unread messages take.
  std::optional<std::uint64_t> unsent_bytes() const { return ask(SIOCOUTQ); }

  std::optional<SocketMemory> memory() const {
    SocketMemory memory{};
    socklen_t length = sizeof memory;
    if (fd_ < 0 || getsockopt(fd_, SOL_SOCKET, SO_MEMINFO, memory.data(), &length) != 0) return std::nullopt;
    return memory;
  }

 private:
  std::optional<std::uint64_t> ask(unsigned long request) const {
    int value = 0;
    if (fd_ < 0 || ioctl(fd_, request, &value) != 0 || value < 0) return std::nullopt;
    return static_cast<std::uint64_t>(value);
  }

  int fd_;
};

}  // namespace ipc
