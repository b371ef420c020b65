/// The supervisor's side of a dialogue: hands the peers their lines, and is told of those that arrived. Through sockets of
/// their own, so that nothing of it is in the channel.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "measure/stats_page.hpp"
#include "protocol/utterance.hpp"
#include "system/owned_fd.hpp"

namespace ipc {

struct Utterance {
  UtteranceReport report;
  /// Who heard it, by ordinal: 0 or 1. The other one said it.
  unsigned listener;
  std::string text;
};

class Dialogue {
 public:
  /// Throws Failure.
  explicit Dialogue(StatsPage& page);

  int peer_end(unsigned ordinal) const { return pairs_[ordinal].peer.get(); }
  /// Both peers are started: lets go of their ends.
  void started();

  /// Hands a line to a peer. Throws Failure where it is none (check_utterance), or the peer takes no more now.
  void say(unsigned ordinal, std::string_view text);

  /// The descriptors to poll for what was heard; -1 where nothing comes any more.
  int fd(unsigned ordinal) const { return pairs_[ordinal].supervisor.get(); }
  /// What was heard since, in the order in which it arrived.
  std::vector<Utterance> take_heard();

  /// There is nothing more to say.
  void close();

  /// Lines that were handed over, and lines that arrived.
  std::uint64_t said() const { return said_; }
  std::uint64_t heard() const { return heard_; }

 private:
  struct Pair {
    OwnedFd supervisor;
    OwnedFd peer;
  };

  /// The longest text that fits a message of this session.
  std::size_t longest_;
  std::vector<Pair> pairs_;
  std::uint64_t said_ = 0;
  std::uint64_t heard_ = 0;
};

}  // namespace ipc
