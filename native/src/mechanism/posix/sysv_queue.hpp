/// System V message queues (sysvipc(7)): one for both directions of a conversation and for all consumers of a broadcast,
/// because every message has a type and a receiver asks for the type it wants.
///
/// An empty message ends a stream: a queue knows no end of file, and no message of ours is empty. Of several producers
/// whoever ends last sends one for each consumer; messages of one type keep their order, so they come behind all others.
#pragma once

#include <sys/ipc.h>
#include <sys/msg.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "mechanism/posix/broadcast_over.hpp"
#include "peer/context.hpp"
#include "peer/message_io.hpp"
#include "session/resource.hpp"

namespace ipc {

/// Makes the queue in the supervisor. Throws Failure.
std::unique_ptr<Resource> make_sysv_queue(const Settings& settings, StatsPage& page);

/// The session's queue, for a peer; -1 and errno when it is not there.
int open_sysv_queue(PeerContext& context);

/// The types of the messages that a peer sends and takes; none is 0, which msgrcv(2) takes for any.
struct SysvTypes {
  long sends;
  long takes;
};
SysvTypes types_of(PeerContext& context);

/// Inlined everywhere: that a broadcast uses it too must not cost the other patterns a call a message.
class SysvQueueChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  SysvQueueChannel(PeerContext& context, int queue, const SysvTypes& types)
      : context_(context),
        queue_(queue),
        flags_(context.settings().blocking ? 0 : IPC_NOWAIT),
        sends_(types.sends),
        takes_(types.takes) {}

  template <bool Logged>
  [[gnu::always_inline]] Outcome send(const std::byte* data, std::size_t size) {
    void* envelope = address(data, sends_);
    const int sent =
        traced<Logged>(context_, CallName::msgsnd, -1, size, [&] { return msgsnd(queue_, envelope, size, flags_); });
    if (sent == 0) [[likely]] return Outcome::done;
    return send_again(envelope, size);
  }

  /// Receives one message of exactly `size` bytes; `closed` at the end of the stream.
  template <bool Logged>
  [[gnu::always_inline]] Outcome receive(std::byte* data, std::size_t size) {
    void* envelope = data - sizeof(long);
    const ssize_t taken = traced<Logged>(context_, CallName::msgrcv, -1, size,
                                         [&] { return msgrcv(queue_, envelope, size, takes_, flags_); });
    if (taken == static_cast<ssize_t>(size)) [[likely]] return Outcome::done;
    return receive_again(envelope, size, taken);
  }

  void finish_sending() {
    // Answers need no end: whoever waits for one knows that it must come.
    if (context_.role() != Role::producer || !context_.last_to_send()) return;
    const std::uint64_t ends = context_.settings().shared_channel() ? context_.settings().consumers : 1;
    long end = sends_;
    for (std::uint64_t i = 0; i < ends; ++i) {
      if (msgsnd(queue_, &end, 0, flags_) != 0 && send_again(&end, 0) != Outcome::done) return;
    }
  }

 private:
  static_assert(sizeof(long) <= kHeadroomBytes);

  /// Writes the type in front of a message: struct msgbuf of msgop(2), without copying the message into one.
  static void* address(const std::byte* data, long type) {
    std::byte* envelope = const_cast<std::byte*>(data) - sizeof type;
    std::memcpy(envelope, &type, sizeof type);
    return envelope;
  }

  /// Counts an answer "would block". There is no poll(2) for such a queue, so the next call sleeps until there is room or
  /// a message.
  void count_refusal(CallName name, std::size_t size) {
    context_.count_would_block();
    context_.count_wait();
    context_.log_error(name, -1, size, -1, EAGAIN);
  }

  /// The supervisor removes the queue of an abandoned session, which wakes whoever sleeps for it; ids of removed queues are
  /// invalid from then on.
  bool removed(int error) const { return (error == EIDRM || error == EINVAL) && context_.abandoned(); }

  [[gnu::noinline]] Outcome send_again(const void* envelope, std::size_t size) {
    for (;;) {
      const int error = errno;
      if (removed(error)) return Outcome::closed;
      if (error == EAGAIN) {
        count_refusal(CallName::msgsnd, size);
      } else if (error != EINTR) {
        context_.log_error(CallName::msgsnd, -1, size, -1, error);
        return context_.failed("msgsnd", error);
      }
      context_.count_extra_call();
      if (msgsnd(queue_, envelope, size, 0) == 0) return Outcome::done;
    }
  }

  [[gnu::noinline]] Outcome receive_again(void* envelope, std::size_t size, ssize_t taken) {
    for (;;) {
      if (taken == static_cast<ssize_t>(size)) return Outcome::done;
      if (taken == 0) return Outcome::closed;
      const int error = taken > 0 ? EBADMSG : errno;
      if (removed(error)) return Outcome::closed;
      if (error == EAGAIN || error == ENOMSG) {
        count_refusal(CallName::msgrcv, size);
      } else if (error != EINTR) {
        context_.log_error(CallName::msgrcv, -1, size, taken, error);
        return context_.failed("msgrcv", error);
      }
      context_.count_extra_call();
      taken = msgrcv(queue_, envelope, size, takes_, 0);
    }
  }

  PeerContext& context_;
  int queue_;
  int flags_;
  long sends_;
  long takes_;
};

/// For the producer of a broadcast: a type for each consumer.
BroadcastOver<SysvQueueChannel> broadcast_by_types(PeerContext& context, int queue);

}  // namespace ipc
