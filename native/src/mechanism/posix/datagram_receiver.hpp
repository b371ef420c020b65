/// The receiving half of a channel over datagram sockets to which several processes may send.
#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "mechanism/posix/datagram_channel.hpp"
#include "mechanism/posix/group_end.hpp"
#include "peer/context.hpp"

namespace ipc {

class DatagramReceiver {
 public:
  /// The socket has SO_RCVTIMEO set to kIdleMs, or does not wait in its calls.
  DatagramReceiver(PeerContext& context, int fd)
      : context_(context),
        end_(context),
        fd_(fd),
        blocking_(context.settings().blocking) {}

  /// Receives one message of `size` bytes. `closed` at the end, `cut` for a datagram of any other size.
  template <bool Logged>
  Outcome receive(std::byte* data, std::size_t size) {
    const ssize_t taken = traced<Logged>(context_, CallName::recv, fd_, size, [&] { return call(data, size); });
    if (taken == static_cast<ssize_t>(size)) [[likely]] return Outcome::done;
    return receive_again(data, size, taken);
  }

 private:
  /// MSG_TRUNC: the answer is the datagram's real size, so that one that was cut is known.
  ssize_t call(std::byte* data, std::size_t size) { return ::recv(fd_, data, size, MSG_TRUNC); }

  [[gnu::noinline]] Outcome receive_again(std::byte* data, std::size_t size, ssize_t taken) {
    for (;;) {
      if (taken == static_cast<ssize_t>(size)) return Outcome::done;
      // Whoever marks the end has said before that it has finished: any other empty datagram is a stranger's.
      if (taken >= 0) return taken == 0 && end_.others_finished() ? Outcome::closed : Outcome::cut;
      if (errno == EAGAIN) {
        // Of a socket that waits in its calls this is the end of SO_RCVTIMEO.
        const int ready = blocking_ ? 0 : wait(size);
        if (ready < 0 && errno != EINTR) return context_.failed("poll", errno);
        if (ready == 0 && end_.nobody_left()) return Outcome::closed;
      } else if (errno != EINTR) {
        const int error = errno;
        context_.log_error(CallName::recv, fd_, size, taken, error);
        return context_.failed("recv", error);
      }
      context_.count_extra_call();
      taken = call(data, size);
    }
  }

  int wait(std::size_t size) {
    context_.count_would_block();
    context_.count_wait();
    context_.log_error(CallName::recv, fd_, size, -1, EAGAIN);
    context_.count_extra_call();
    pollfd entry{fd_, POLLIN, 0};
    return poll(&entry, 1, kIdleMs);
  }

  PeerContext& context_;
  GroupEnd end_;
  int fd_;
  bool blocking_;
};

}  // namespace ipc
