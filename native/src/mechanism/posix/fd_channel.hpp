/// A channel over descriptors that carry a stream of bytes: pipes and stream sockets.
#pragma once

#include <poll.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <vector>

#include "mechanism/posix/broadcast_over.hpp"
#include "peer/context.hpp"

namespace ipc {

/// `Calls` supplies the two system calls and their names: `put`, `take`, `kPut`, `kTake`, and `half_close`.
template <class Calls>
class FdChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  explicit FdChannel(PeerContext& context) : FdChannel(context, context.slot().endpoint) {}
  FdChannel(PeerContext& context, const Endpoint& endpoint)
      : context_(context), out_(endpoint.send_fd), in_(endpoint.receive_fd) {}

  /// Sends all `size` bytes; short writes go on where they stopped.
  template <bool Logged>
  Outcome send(const std::byte* data, std::size_t size) {
    const ssize_t put =
        traced<Logged>(context_, Calls::kPut, out_, size, [&] { return Calls::put(out_, data, size); });
    if (put == static_cast<ssize_t>(size)) [[likely]] return Outcome::done;
    return send_rest(data, size, put);
  }

  /// Receives exactly `size` bytes; short reads go on where they stopped. `closed` at the end of the stream.
  template <bool Logged>
  Outcome receive(std::byte* data, std::size_t size) {
    const ssize_t taken =
        traced<Logged>(context_, Calls::kTake, in_, size, [&] { return Calls::take(in_, data, size); });
    if (taken == static_cast<ssize_t>(size)) [[likely]] return Outcome::done;
    return receive_rest(data, size, taken);
  }

  void finish_sending() { Calls::half_close(out_); }

  static constexpr bool kKeepsBorders = false;
  int readable_fd() const { return in_; }

  /// After EAGAIN: counts it, and sleeps in poll(2) rather than asking again and again.
  bool wait_for(int fd, short events, CallName name, std::size_t bytes) {
    context_.count_would_block();
    context_.count_wait();
    context_.log_error(name, fd, bytes, -1, EAGAIN);
    pollfd entry{fd, events, 0};
    context_.count_extra_call();
    int ready = 0;
    do {
      ready = poll(&entry, 1, -1);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
  }

 private:
  [[gnu::noinline]] Outcome send_rest(const std::byte* data, std::size_t size, ssize_t put) {
    std::size_t sent = 0;
    for (;;) {
      if (put > 0) {
        sent += static_cast<std::size_t>(put);
        if (sent == size) return Outcome::done;
      } else if (put < 0 && errno != EINTR) {
        const int error = errno;
        if (error != EAGAIN) context_.log_error(Calls::kPut, out_, size - sent, put, error);
        if (error == EPIPE || error == ECONNRESET) return context_.broken(error);
        if (error != EAGAIN) return context_.failed(Calls::kPutName, error);
        if (!wait_for(out_, POLLOUT, Calls::kPut, size - sent)) return context_.failed("poll", errno);
      }
      context_.count_extra_call();
      put = Calls::put(out_, data + sent, size - sent);
    }
  }

  [[gnu::noinline]] Outcome receive_rest(std::byte* data, std::size_t size, ssize_t taken) {
    std::size_t got = 0;
    for (;;) {
      if (taken > 0) {
        got += static_cast<std::size_t>(taken);
        if (got == size) return Outcome::done;
      } else if (taken == 0) {
        return Outcome::closed;
      } else if (errno != EINTR) {
        const int error = errno;
        if (error != EAGAIN) context_.log_error(Calls::kTake, in_, size - got, taken, error);
        if (error == ECONNRESET) return context_.broken(error);
        if (error != EAGAIN) return context_.failed(Calls::kTakeName, error);
        if (!wait_for(in_, POLLIN, Calls::kTake, size - got)) return context_.failed("poll", errno);
      }
      context_.count_extra_call();
      taken = Calls::take(in_, data + got, size - got);
    }
  }

  PeerContext& context_;
  int out_;
  int in_;
};

/// Sends every message to every consumer, over a descriptor for each.
template <class Calls>
class BroadcastChannel : public BroadcastOver<FdChannel<Calls>> {
 public:
  explicit BroadcastChannel(PeerContext& context) : BroadcastOver<FdChannel<Calls>>(channels(context)) {}

 private:
  static std::vector<FdChannel<Calls>> channels(PeerContext& context) {
    std::vector<FdChannel<Calls>> all;
    for (std::uint64_t i = 0; i < context.settings().consumers; ++i) {
      all.emplace_back(context, Endpoint{context.page().broadcast_fds[i], -1});
    }
    return all;
  }
};

}  // namespace ipc
