/// Sends each message over one of several connections, in turn; where one is full, over the next that is not.
#pragma once

#include <poll.h>
#include <sys/types.h>

#include <cerrno>
#include <cstddef>
#include <vector>

#include "mechanism/posix/fd_channel.hpp"
#include "peer/context.hpp"

namespace ipc {

/// `Calls` as for FdChannel, with `put_now`, which answers EAGAIN rather than wait.
template <class Calls>
class SpreadingChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  /// `fds`: one or more.
  SpreadingChannel(PeerContext& context, const std::vector<int>& fds) : context_(context) {
    for (const int fd : fds) entries_.push_back({fd, POLLOUT, 0});
  }

  template <bool Logged>
  Outcome send(const std::byte* data, std::size_t size) {
    const int fd = entries_[next_].fd;
    const ssize_t put =
        traced<Logged>(context_, Calls::kPut, fd, size, [&] { return Calls::put_now(fd, data, size); });
    if (put == static_cast<ssize_t>(size)) [[likely]] {
      advance();
      return Outcome::done;
    }
    return send_elsewhere(data, size, put);
  }

  /// A producer of a stream gets no answers.
  template <bool Logged>
  Outcome receive(std::byte*, std::size_t) {
    return Outcome::closed;
  }

  void finish_sending() {
    for (const pollfd& entry : entries_) Calls::half_close(entry.fd);
  }

 private:
  void advance() {
    if (++next_ == entries_.size()) next_ = 0;
  }

  /// `put`: what the call on the connection whose turn it is answered.
  [[gnu::noinline]] Outcome send_elsewhere(const std::byte* data, std::size_t size, ssize_t put) {
    std::size_t full = 0;
    for (;;) {
      const int fd = entries_[next_].fd;
      if (put >= 0) {
        advance();
        return put == static_cast<ssize_t>(size) ? Outcome::done
                                                 : send_rest(fd, data + put, size - static_cast<std::size_t>(put));
      }
      const int error = errno;
      if (error != EINTR) context_.log_error(Calls::kPut, fd, size, put, error);
      if (error == EPIPE || error == ECONNRESET) return context_.broken(error);
      if (error == EAGAIN) {
        context_.count_would_block();
        advance();
        if (++full == entries_.size()) {
          if (!await_room()) return context_.failed("poll", errno);
          full = 0;
        }
      } else if (error != EINTR) {
        return context_.failed(Calls::kPutName, error);
      }
      context_.count_extra_call();
      put = Calls::put_now(entries_[next_].fd, data, size);
    }
  }

  /// The bytes of a message stay together: one that is begun is ended on the same connection, however slow.
  Outcome send_rest(int fd, const std::byte* data, std::size_t size) {
    context_.count_extra_call();
    return FdChannel<Calls>(context_, {fd, -1}).template send<false>(data, size);
  }

  /// Sleeps until a connection has room, and gives it the turn.
  bool await_room() {
    context_.count_wait();
    int ready = 0;
    do {
      context_.count_extra_call();
      ready = poll(entries_.data(), entries_.size(), -1);
    } while (ready < 0 && errno == EINTR);
    if (ready <= 0) return false;
    while (entries_[next_].revents == 0) advance();
    return true;
  }

  PeerContext& context_;
  std::vector<pollfd> entries_;
  /// Whose turn it is.
  std::size_t next_ = 0;
};

}  // namespace ipc
