/// POSIX message queues (mq_overview(7)): one for a stream, however many share it, two for a conversation, and one for each
/// consumer of a broadcast.
///
/// An empty message ends a stream: a queue knows no end of file, and no message of ours is empty. Of several producers
/// whoever ends last sends one for each consumer; all have one priority, so they come behind every message.
#pragma once

#include <mqueue.h>
#include <poll.h>

#include <memory>
#include <string>
#include <vector>

#include "mechanism/posix/broadcast_over.hpp"
#include "peer/context.hpp"
#include "session/resource.hpp"

namespace ipc {

/// Makes the queues in the supervisor. Throws Failure.
std::unique_ptr<Resource> make_posix_queues(const Settings& settings, StatsPage& page);

/// Opens the queues of a peer by their names: its two ends, or for the producer of a broadcast one in
/// `StatsPage::broadcast_fds` for each consumer. Answers 0, or errno after failing.
int open_posix_queues(PeerContext& context, Endpoint& ends);

/// Arranges that a peer which sleeps for its queues is woken when it is abandoned: a signal breaks the call off, and
/// makes the queues non-blocking first, so that no call sleeps that begins just then. Nothing of this is on the measured
/// path, which a deadline for each call would be.
void wake_when_abandoned(PeerContext& context, const Endpoint& ends);

/// Sleeps until the queue is readable or writable (a queue is a descriptor here) or the peer is abandoned.
void await_queue(int queue, short events);

/// Inlined everywhere: that a broadcast uses it too must not cost the other patterns a call a message.
class PosixQueueChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  PosixQueueChannel(PeerContext& context, const Endpoint& ends)
      : context_(context),
        out_(ends.send_fd),
        in_(ends.receive_fd),
        priority_(static_cast<unsigned>(context.settings().priority)) {}

  template <bool Logged>
  [[gnu::always_inline]] Outcome send(const std::byte* data, std::size_t size) {
    const int sent = traced<Logged>(context_, CallName::mq_send, out_, size, [&] { return put(data, size); });
    if (sent == 0) [[likely]] return Outcome::done;
    return send_again(data, size);
  }

  /// Receives one message of exactly `size` bytes; `closed` at the end of the stream.
  template <bool Logged>
  [[gnu::always_inline]] Outcome receive(std::byte* data, std::size_t size) {
    const ssize_t taken = traced<Logged>(context_, CallName::mq_receive, in_, size, [&] { return take(data, size); });
    if (taken == static_cast<ssize_t>(size)) [[likely]] return Outcome::done;
    return receive_again(data, size, taken);
  }

  static constexpr bool kKeepsBorders = true;
  /// A queue is a descriptor here (mq_overview(7), "Polling message queue descriptors").
  int readable_fd() const { return in_; }

  void finish_sending() {
    constexpr std::byte kNothing{};
    if (out_ < 0 || !context_.last_to_send()) return;
    const std::uint64_t ends = context_.settings().shared_channel() ? context_.settings().consumers : 1;
    for (std::uint64_t i = 0; i < ends; ++i) {
      if (put(&kNothing, 0) != 0 && send_again(&kNothing, 0) != Outcome::done) return;
    }
  }

 private:
  int put(const std::byte* data, std::size_t size) {
    return mq_send(out_, reinterpret_cast<const char*>(data), size, priority_);
  }
  ssize_t take(std::byte* data, std::size_t size) {
    return mq_receive(in_, reinterpret_cast<char*>(data), size, nullptr);
  }

  /// After EAGAIN: false when the peer is abandoned.
  bool wait(int queue, short events, CallName name, std::size_t size) {
    if (context_.abandoned()) return false;
    context_.count_would_block();
    context_.count_wait();
    context_.log_error(name, queue, size, -1, EAGAIN);
    context_.count_extra_call();
    await_queue(queue, events);
    return true;
  }

  [[gnu::noinline]] Outcome send_again(const std::byte* data, std::size_t size) {
    for (;;) {
      const int error = errno;
      if (error == EAGAIN) {
        if (!wait(out_, POLLOUT, CallName::mq_send, size)) return Outcome::closed;
      } else if (error != EINTR) {
        context_.log_error(CallName::mq_send, out_, size, -1, error);
        return context_.failed("mq_send", error);
      }
      context_.count_extra_call();
      if (put(data, size) == 0) return Outcome::done;
    }
  }

  [[gnu::noinline]] Outcome receive_again(std::byte* data, std::size_t size, ssize_t taken) {
    for (;;) {
      if (taken == static_cast<ssize_t>(size)) return Outcome::done;
      if (taken == 0) return Outcome::closed;
      const int error = taken > 0 ? EBADMSG : errno;
      if (error == EAGAIN) {
        if (!wait(in_, POLLIN, CallName::mq_receive, size)) return Outcome::closed;
      } else if (error != EINTR) {
        context_.log_error(CallName::mq_receive, in_, size, taken, error);
        return context_.failed("mq_receive", error);
      }
      context_.count_extra_call();
      taken = take(data, size);
    }
  }

  PeerContext& context_;
  mqd_t out_;
  mqd_t in_;
  unsigned priority_;
};

/// For the producer of a broadcast, whose queues are open.
BroadcastOver<PosixQueueChannel> broadcast_over_queues(PeerContext& context);

}  // namespace ipc
