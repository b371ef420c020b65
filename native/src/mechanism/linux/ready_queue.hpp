/// A POSIX queue whose receiver asks first whether there is a message: a queue is a descriptor here (mq_overview(7),
/// "Polling message queue descriptors").
#pragma once

#include <cerrno>
#include <cstddef>

#include "mechanism/linux/posix_queue.hpp"
#include "peer/context.hpp"

namespace ipc {

/// How long one wait lasts, ms: nothing tells a queue's receiver that its senders are gone, so it looks for itself then.
inline constexpr int kQueueIdleMs = 50;

/// `Readiness` as PollReadiness.
template <class Readiness>
class ReadyQueueChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  ReadyQueueChannel(PeerContext& context, const Endpoint& ends) : context_(context), queue_(context, ends) {
    readiness_.add(ends.receive_fd);
  }

  template <bool Logged>
  Outcome send(const std::byte* data, std::size_t size) {
    return queue_.template send<Logged>(data, size);
  }

  template <bool Logged>
  Outcome receive(std::byte* data, std::size_t size) {
    for (;;) {
      const int ready = readiness_.template await<Logged>(context_, kQueueIdleMs);
      if (ready > 0) [[likely]] return queue_.template receive<Logged>(data, size);
      if (ready < 0) return context_.failed(readiness_.failed_call(), errno);
      if (context_.abandoned()) return Outcome::closed;
    }
  }

  void finish_sending() { queue_.finish_sending(); }

 private:
  PeerContext& context_;
  PosixQueueChannel queue_;
  Readiness readiness_;
};

}  // namespace ipc
