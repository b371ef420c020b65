/// A channel over a socket that keeps the borders of messages: one message a call, whole or not at all.
#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "peer/context.hpp"

namespace ipc {

enum class Delivery {
  /// Every message arrives, and the system tells the end: SOCK_SEQPACKET.
  connected,
  /// Every message arrives, and nothing tells the end, so an empty one marks it: SOCK_DGRAM of AF_UNIX.
  marked,
  /// As above, but the system may throw messages away, the mark too: UDP.
  lossy,
};

/// How long a socket without an end of its own waits in one call, ms: then it is asked whether anybody is left. The
/// Resource sets it as SO_RCVTIMEO; a timer is armed only when the call has to sleep.
inline constexpr int kIdleMs = 50;

template <Delivery kDelivery>
class DatagramChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;
  static constexpr bool kLossy = kDelivery == Delivery::lossy;

  explicit DatagramChannel(PeerContext& context)
      : context_(context),
        other_(context.page().slots[context.role() == Role::producer ? 1 : 0]),
        fd_(context.slot().endpoint.send_fd),
        blocking_(context.settings().blocking) {}

  /// Sends one message of `size` bytes, 1 or more.
  template <bool Logged>
  Outcome send(const std::byte* data, std::size_t size) {
    const ssize_t put = traced<Logged>(context_, CallName::send, fd_, size, [&] { return call_send(data, size); });
    if (put == static_cast<ssize_t>(size)) [[likely]] return Outcome::done;
    return send_again(data, size, put);
  }

  /// Receives one message of `size` bytes. `closed` at the end, `cut` for a datagram of any other size.
  template <bool Logged>
  Outcome receive(std::byte* data, std::size_t size) {
    const ssize_t taken = traced<Logged>(context_, CallName::recv, fd_, size, [&] { return call_recv(data, size); });
    if (taken == static_cast<ssize_t>(size)) [[likely]] return Outcome::done;
    return receive_again(data, size, taken);
  }

  void finish_sending() {
    if constexpr (kDelivery == Delivery::connected) {
      ::shutdown(fd_, SHUT_WR);
    } else if (context_.role() == Role::producer) {
      context_.note_finish();
      mark_end();
    }
  }

  /// Called when receiving failed, errno telling why: waits where that helps. `done`: it is to be tried again. `idle_ns` is
  /// how long nothing has come, nought at first.
  [[gnu::noinline]] Outcome after_failed_receive(CallName call, const char* name, std::size_t size, std::uint64_t& idle_ns) {
    const int error = errno;
    if (error == EAGAIN) {
      // Of a socket that waits in its calls this is the end of SO_RCVTIMEO.
      const Wait wait = blocking_ ? Wait::idle : wait_for(POLLIN, call, size);
      if (wait == Wait::failed) return context_.failed("poll", errno);
      if (wait == Wait::idle) {
        idle_ns += std::uint64_t{kIdleMs} * kNsPerMs;
        if (nobody_left()) return Outcome::closed;
        if (kLossy && waits_for_answer() && idle_ns >= kAnswerWithinNs + context_.delay_ns()) return Outcome::lost;
      }
    } else if (error != EINTR) {
      context_.log_error(call, fd_, size, -1, error);
      return means_gone(error) ? context_.broken(error) : context_.failed(name, error);
    }
    return Outcome::done;
  }

 private:
  /// An answer is given up on after this time, and the delay that the other side was told to add.
  static constexpr std::uint64_t kAnswerWithinNs = 200'000'000;
  /// The mark is repeated about every millisecond until it has been seen, at most for as long as this.
  static constexpr unsigned kMarks = 1000;

  ssize_t call_send(const std::byte* data, std::size_t size) { return ::send(fd_, data, size, MSG_NOSIGNAL); }
  /// MSG_TRUNC: the answer is the datagram's real size, so that one that was cut is known.
  ssize_t call_recv(std::byte* data, std::size_t size) { return ::recv(fd_, data, size, MSG_TRUNC); }

  /// Connected sockets tell in their own ways that the other one is closed.
  static bool means_gone(int error) {
    return error == EPIPE || error == ECONNRESET || error == ECONNREFUSED || error == ENOTCONN;
  }

  enum class Wait { ready, idle, failed };

  /// After EAGAIN of a socket that does not wait in its calls.
  Wait wait_for(short events, CallName name, std::size_t bytes) {
    context_.count_would_block();
    context_.count_wait();
    context_.log_error(name, fd_, bytes, -1, EAGAIN);
    pollfd entry{fd_, events, 0};
    context_.count_extra_call();
    const int ready = poll(&entry, 1, kDelivery == Delivery::connected ? -1 : kIdleMs);
    if (ready < 0 && errno != EINTR) return Wait::failed;
    return ready == 0 ? Wait::idle : Wait::ready;
  }

  [[gnu::noinline]] Outcome send_again(const std::byte* data, std::size_t size, ssize_t put) {
    for (;;) {
      if (put == static_cast<ssize_t>(size)) return Outcome::done;
      const int error = put < 0 ? errno : EMSGSIZE;
      if (error == EAGAIN) {
        const Wait wait = wait_for(POLLOUT, CallName::send, size);
        if (wait == Wait::failed) return context_.failed("poll", errno);
        if (wait == Wait::idle && context_.abandoned()) return Outcome::closed;
      } else if (error != EINTR) {
        context_.log_error(CallName::send, fd_, size, put, error);
        return means_gone(error) ? context_.broken(error) : context_.failed("send", error);
      }
      context_.count_extra_call();
      put = call_send(data, size);
    }
  }

  [[gnu::noinline]] Outcome receive_again(std::byte* data, std::size_t size, ssize_t taken) {
    std::uint64_t idle_ns = 0;
    for (;;) {
      if (taken == static_cast<ssize_t>(size)) return Outcome::done;
      if (taken >= 0) return taken == 0 ? Outcome::closed : Outcome::cut;
      const Outcome outcome = after_failed_receive(CallName::recv, "recv", size, idle_ns);
      if (outcome != Outcome::done) return outcome;
      context_.count_extra_call();
      taken = call_recv(data, size);
    }
  }

  bool waits_for_answer() const { return context_.role() == Role::producer; }

  /// Called when nothing came for a while. What the other side sent lies in this socket already when it says that it has
  /// finished, so one more wait in vain after that is the end, even where the mark was lost.
  bool nobody_left() {
    if (context_.abandoned()) return true;
    const bool before = other_finished_;
    other_finished_ = other_.finished_ns.get() != 0;
    return before;
  }

  void mark_end() {
    for (unsigned i = 0; i < kMarks; ++i) {
      context_.count_extra_call();
      const ssize_t put = call_send(nullptr, 0);
      const int error = put < 0 ? errno : 0;
      if (error != 0 && error != EAGAIN && error != EINTR) return;  // nobody is there to see it
      if (!kLossy && error == 0) return;
      if (context_.abandoned() || other_.finished_ns.get() != 0) return;
      context_.sleep_briefly();
    }
  }

  PeerContext& context_;
  const PeerSlot& other_;
  int fd_;
  bool blocking_;
  bool other_finished_ = false;
};

}  // namespace ipc
