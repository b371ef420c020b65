/// How processes on datagram sockets tell each other that there is nothing more to come, when there are several of a role.
#pragma once

#include <atomic>
#include <cstddef>

#include "peer/context.hpp"

namespace ipc {

/// Nothing tells a datagram socket that nobody sends any more. So the producer that finishes last marks the end, by an empty
/// datagram for each consumer: what the others sent lies in front of it already.
class GroupEnd {
 public:
  explicit GroupEnd(PeerContext& context) : context_(context) {}

  /// Called by a producer that has sent its last message: notes that, and answers whether all producers have now. Of
  /// several that finish at the same moment more than one may be the last.
  bool last_to_finish() {
    context_.note_finish();
    // Of two that finish at once, at least one is to see the other.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return all_finished(Role::producer);
  }

  /// Called when nothing came for a while. What was sent has arrived by the time its sender says that it has finished, so
  /// one more wait in vain after that is the end, even where a mark was lost.
  bool nobody_left() {
    if (context_.abandoned()) return true;
    const bool before = others_finished_;
    others_finished_ = others_finished();
    return before;
  }

  bool others_finished() const {
    return all_finished(context_.role() == Role::producer ? Role::consumer : Role::producer);
  }

 private:
  bool all_finished(Role role) const {
    const std::size_t producers = context_.settings().producers;
    const std::size_t first = role == Role::producer ? 0 : producers;
    const std::size_t end = role == Role::producer ? producers : context_.settings().processes();
    for (std::size_t i = first; i < end; ++i) {
      if (context_.page().slots[i].finished_ns.get() == 0) return false;
    }
    return true;
  }

  PeerContext& context_;
  bool others_finished_ = false;
};

}  // namespace ipc
