/// A channel over a socket that keeps the borders of messages: one message a call, whole or not at all.
#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "mechanism/posix/group_end.hpp"
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

/// `Readiness`: as PollReadiness, for a receiver that waits in it; void for one that waits in the call itself.
///
/// Where there is no connection, several producers may send to one socket, and several consumers take from one: each
/// message goes to one of them. The producer that finishes last marks the end then, once for each consumer: behind the
/// mark there is nothing any more.
template <Delivery kDelivery, class Readiness = void>
class DatagramChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;
  static constexpr bool kLossy = kDelivery == Delivery::lossy;

  explicit DatagramChannel(PeerContext& context)
      : DatagramChannel(context, context.slot().endpoint) {}
  /// Of a producer that has a socket for each consumer.
  DatagramChannel(PeerContext& context, const Endpoint& ends)
      : DatagramChannel(context, ends.send_fd, other_side(context)) {}
  /// `others`: who is at the other end.
  DatagramChannel(PeerContext& context, int fd, const Ordinals& others)
      : context_(context), end_(context, others), fd_(fd), blocking_(context.settings().blocking) {
    if constexpr (kPolled) readiness_.add(fd_);
  }

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
    if constexpr (kPolled) {
      return receive_when_ready<Logged>(data, size);
    } else {
      const ssize_t taken = traced<Logged>(context_, CallName::recv, fd_, size, [&] { return call_recv(data, size); });
      if (taken == static_cast<ssize_t>(size)) [[likely]] return Outcome::done;
      return receive_again(data, size, taken);
    }
  }

  static constexpr bool kKeepsBorders = true;
  int readable_fd() const { return fd_; }

  void finish_sending() {
    if constexpr (kDelivery == Delivery::connected) {
      ::shutdown(fd_, SHUT_WR);
    } else if (context_.role() == Role::producer || context_.settings().dialogue()) {
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
      if (wait == Wait::idle) return idle(idle_ns);
    } else if (error != EINTR) {
      context_.log_error(call, fd_, size, -1, error);
      return means_gone(error) ? context_.broken(error) : context_.failed(name, error);
    }
    return Outcome::done;
  }

 private:
  static constexpr bool kPolled = !std::is_void_v<Readiness>;
  struct NoReadiness {};

  /// An answer is given up on after this time, and the delay that the other side was told to add.
  static constexpr std::uint64_t kAnswerWithinNs = 200'000'000;
  /// The mark is repeated about every millisecond until it has been seen, at most for as long as this.
  static constexpr unsigned kMarks = 1000;

  ssize_t call_send(const std::byte* data, std::size_t size) { return ::send(fd_, data, size, MSG_NOSIGNAL); }
  /// MSG_TRUNC: the answer is the datagram's real size, so that one that was cut is known.
  ssize_t call_recv(std::byte* data, std::size_t size) {
    return ::recv(fd_, data, size, kPolled ? MSG_TRUNC | MSG_DONTWAIT : MSG_TRUNC);
  }

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
      if (taken >= 0) return taken == 0 && ended() ? Outcome::closed : Outcome::cut;
      const Outcome outcome = after_failed_receive(CallName::recv, "recv", size, idle_ns);
      if (outcome != Outcome::done) return outcome;
      context_.count_extra_call();
      taken = call_recv(data, size);
    }
  }

  template <bool Logged>
  Outcome receive_when_ready(std::byte* data, std::size_t size) {
    std::uint64_t idle_ns = 0;
    for (;;) {
      const int ready = readiness_.template await<Logged>(context_, kIdleMs);
      if (ready < 0) [[unlikely]] return context_.failed(readiness_.failed_call(), errno);
      if (ready == 0) [[unlikely]] {
        const Outcome outcome = idle(idle_ns);
        if (outcome != Outcome::done) return outcome;
        continue;
      }
      const ssize_t taken = traced<Logged>(context_, CallName::recv, fd_, size, [&] { return call_recv(data, size); });
      if (taken == static_cast<ssize_t>(size)) [[likely]] return Outcome::done;
      if (taken >= 0) return taken == 0 && ended() ? Outcome::closed : Outcome::cut;
      const int error = errno;
      context_.count_extra_call();
      if (error == EINTR) continue;
      context_.log_error(CallName::recv, fd_, size, taken, error);
      if (error != EAGAIN) return means_gone(error) ? context_.broken(error) : context_.failed("recv", error);
      // Another consumer of the same socket was faster.
      context_.count_would_block();
    }
  }

  bool waits_for_answer() const { return context_.role() == Role::producer; }

  /// Whether an answer of nothing is the end: that of a connection is, a datagram where it is the mark. A socket with several
  /// senders is connected to none of them, so that an empty one may be a stranger's.
  bool ended() const { return kDelivery == Delivery::connected || end_.others() == 1 || end_.others_finished(); }

  /// Called when nothing came for kIdleMs, with the time for which nothing came before; `done` means to wait on.
  [[gnu::noinline]] Outcome idle(std::uint64_t& idle_ns) {
    idle_ns += std::uint64_t{kIdleMs} * kNsPerMs;
    if (end_.nobody_left()) return Outcome::closed;
    const bool lost = kLossy && waits_for_answer() && idle_ns >= kAnswerWithinNs + context_.delay_ns();
    return lost ? Outcome::lost : Outcome::done;
  }

  [[gnu::noinline]] void mark_end() {
    // In a dialogue, which has one producer, each side marks its own end.
    if (!context_.last_to_send()) return;
    // What the others sent may still be on its way through another CPU's queue.
    if (kLossy && context_.producers() > 1) context_.sleep_briefly();
    std::uint64_t marks = end_.others();
    for (unsigned i = 0; i < kMarks; ++i) {
      if (kLossy) marks = end_.others();
      while (marks > 0) {
        context_.count_extra_call();
        const ssize_t put = call_send(nullptr, 0);
        const int error = put < 0 ? errno : 0;
        if (error == EAGAIN || error == EINTR) break;
        if (error != 0) return;  // nobody is there to see it
        --marks;
      }
      if (!kLossy && marks == 0) return;
      if (context_.abandoned() || end_.others_finished()) return;
      context_.sleep_briefly();
    }
  }

  PeerContext& context_;
  GroupEnd end_;
  int fd_;
  bool blocking_;
  [[no_unique_address]] std::conditional_t<kPolled, Readiness, NoReadiness> readiness_;
};

}  // namespace ipc
