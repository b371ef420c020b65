/// How the processes of a session get hold of each other to send signals: by pidfds, which mean a process and never another
/// one that was given its number later (pidfd_open(2)).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "measure/stats_page.hpp"
#include "system/owned_fd.hpp"
#include "system/process.hpp"

namespace ipc {

/// Whom a peer sends to, and whose signals it takes.
struct SignalPartners {
  /// The receiver's pidfd; none where this peer sends nothing.
  OwnedFd receiver;
  /// By the senders' index.
  std::vector<std::int32_t> senders;
};

/// The supervisor's side: a socket to every peer, through which it is told of its partners once all are there.
class SignalIntroduction {
 public:
  /// Throws Failure.
  SignalIntroduction(const Settings& settings, StatsPage& page);

  /// The peer's end of its socket.
  int peer_end(unsigned ordinal) const { return pairs_[ordinal].peer.get(); }

  /// Tells everyone; `peers` by ordinal. A peer that is dead by now misses it, which is noticed elsewhere.
  void introduce(const std::vector<Child>& peers);

 private:
  struct Pair {
    OwnedFd supervisor;
    OwnedFd peer;
  };

  const Settings& settings_;
  std::vector<Pair> pairs_;
};

/// Waits to be told; called by a peer. `socket` is the end that it inherited. Answers 0 or errno.
int receive_partners(int socket, SignalPartners& partners);

}  // namespace ipc
