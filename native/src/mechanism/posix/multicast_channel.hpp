/// A channel over a multicast group: one call sends, and the system gives a copy to every receiver that has joined.
#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>

#include "mechanism/posix/datagram_receiver.hpp"
#include "mechanism/posix/group_end.hpp"
#include "peer/context.hpp"

namespace ipc {

class MulticastChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;
  static constexpr bool kLossy = true;

  explicit MulticastChannel(PeerContext& context)
      : context_(context),
        end_(context),
        receiver_(context, context.slot().endpoint.receive_fd),
        fd_(context.slot().endpoint.send_fd) {}

  /// Sends one message of `size` bytes, 1 or more, to the group.
  template <bool Logged>
  Outcome send(const std::byte* data, std::size_t size) {
    const ssize_t put = traced<Logged>(context_, CallName::send, fd_, size, [&] { return call(data, size); });
    if (put == static_cast<ssize_t>(size)) [[likely]] return Outcome::done;
    return send_again(data, size, put);
  }

  template <bool Logged>
  Outcome receive(std::byte* data, std::size_t size) {
    return receiver_.template receive<Logged>(data, size);
  }

  void finish_sending() {
    if (context_.role() != Role::producer) return;
    context_.note_finish();
    if (!context_.last_to_send()) return;
    // What the others sent may still be on its way through another CPU's queue.
    if (context_.producers() > 1) context_.sleep_briefly();
    for (unsigned i = 0; i < kMarks; ++i) {
      context_.count_extra_call();
      const ssize_t put = call(nullptr, 0);
      if (put < 0 && errno != EAGAIN && errno != EINTR) return;
      if (context_.abandoned() || end_.others_finished()) return;
      context_.sleep_briefly();
    }
  }

 private:
  /// The mark is repeated about every millisecond until all have seen it, at most for as long as this.
  static constexpr unsigned kMarks = 1000;

  ssize_t call(const std::byte* data, std::size_t size) { return ::send(fd_, data, size, MSG_NOSIGNAL); }

  [[gnu::noinline]] Outcome send_again(const std::byte* data, std::size_t size, ssize_t put) {
    for (;;) {
      if (put == static_cast<ssize_t>(size)) return Outcome::done;
      const int error = put < 0 ? errno : EMSGSIZE;
      if (error == EAGAIN) {
        context_.count_would_block();
        context_.count_wait();
        context_.log_error(CallName::send, fd_, size, -1, error);
        context_.count_extra_call();
        pollfd entry{fd_, POLLOUT, 0};
        if (poll(&entry, 1, kIdleMs) < 0 && errno != EINTR) return context_.failed("poll", errno);
        if (context_.abandoned()) return Outcome::closed;
      } else if (error != EINTR) {
        context_.log_error(CallName::send, fd_, size, put, error);
        return context_.failed("send", error);
      }
      context_.count_extra_call();
      put = call(data, size);
    }
  }

  PeerContext& context_;
  GroupEnd end_;
  DatagramReceiver receiver_;
  int fd_;
};

}  // namespace ipc
