#include "mechanism/linux/ready_queue.hpp"

#include <cerrno>
#include <cstddef>

#include "mechanism/linux/readiness.hpp"
#include "peer/loops.hpp"

namespace ipc {

namespace {

/// How long one wait lasts, ms: nothing tells a queue's receiver that its senders are gone, so it looks for itself then.
constexpr int kQueueIdleMs = 50;

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

}  // namespace

int run_on_ready_queue(PeerContext& context, const Endpoint& ends) {
  return with_readiness(context.settings(), [&]<class Readiness>() {
    ReadyQueueChannel<Readiness> channel(context, ends);
    return run_loops(context, channel);
  });
}

}  // namespace ipc
