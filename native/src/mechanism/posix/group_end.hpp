/// How processes on datagram sockets find that there is nothing more to come.
#pragma once

#include <cstdint>

#include "peer/context.hpp"

namespace ipc {

/// Processes of a session by ordinal: `count` from the one numbered `first` on.
struct Ordinals {
  std::uint64_t first;
  std::uint64_t count;
};

/// All processes of the other role.
inline Ordinals other_side(PeerContext& context) {
  const Settings& settings = context.settings();
  return context.role() == Role::producer ? Ordinals{settings.producers, settings.consumers}
                                          : Ordinals{0, settings.producers};
}

/// Nothing tells a datagram socket that nobody sends any more. So the producer that finishes last
/// (PeerContext::last_to_send) marks the end, by an empty datagram for each consumer: what the others sent lies in front of
/// it already. Where the mark is lost, the times at which the others finished tell.
class GroupEnd {
 public:
  explicit GroupEnd(PeerContext& context) : GroupEnd(context, other_side(context)) {}
  /// `others`: who is at the other end.
  GroupEnd(PeerContext& context, const Ordinals& others) : context_(context), others_(others) {}

  /// How many are at the other end.
  std::uint64_t others() const { return others_.count; }

  bool others_finished() const {
    for (std::uint64_t i = others_.first; i < others_.first + others_.count; ++i) {
      if (context_.page().slots[i].finished_ns.get() == 0) return false;
    }
    return true;
  }

  /// Called when nothing came for a while. What was sent has arrived by the time its sender says that it has finished, so
  /// one more wait in vain after that is the end, even where a mark was lost.
  bool nobody_left() {
    if (context_.abandoned()) return true;
    const bool before = others_finished_;
    others_finished_ = others_finished();
    return before;
  }

 private:
  PeerContext& context_;
  Ordinals others_;
  bool others_finished_ = false;
};

}  // namespace ipc
