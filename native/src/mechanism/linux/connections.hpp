/// The connections of a session over sockets, and which of its processes each of them joins.
///
/// A connected socket has two ends, so several peers need several connections. There is not one for each pair, which
/// would be 4,096 of 64 producers and 64 consumers: as with the workers of a server, every process has its share of the
/// others. There are as many connections as the larger side has processes, dealt out in turn: with four producers and two
/// consumers each consumer has the connections of two producers. Under broadcast every consumer has one to the producer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "mechanism/posix/socket.hpp"
#include "peer/context.hpp"

namespace ipc {

inline std::size_t connections_of(const Settings& settings) {
  return static_cast<std::size_t>(std::max(settings.producers, settings.consumers));
}

/// The ordinals of the two processes that connection number `k` joins.
inline unsigned producer_of(const Settings& settings, std::size_t k) {
  return static_cast<unsigned>(k % settings.producers);
}
inline unsigned consumer_of(const Settings& settings, std::size_t k) {
  return static_cast<unsigned>(settings.producers + k % settings.consumers);
}

/// A call on one connection would keep its consumer from all others: where there are several, it waits in poll.
inline void resolve_receive(Settings& settings) {
  if (settings.producers > settings.consumers && !settings.polled()) settings.receive.assign("poll");
}

/// The sockets of a session, in the supervisor until the peers have them.
class HeldSockets {
 public:
  /// Holds a socket that `count` processes from the one with ordinal `first` on are to inherit; answers its descriptor.
  int hold(Socket socket, unsigned first, unsigned count = 1);

  /// Holds both ends of connection number `k`, and puts their descriptors into the page.
  void hold_connection(StatsPage& page, std::size_t k, Socket client, Socket server);

  std::vector<int> inherited(unsigned ordinal) const;

  /// The descriptors in the page stay what they are: those of the peers.
  void let_go() { held_.clear(); }

 private:
  struct Held {
    Socket socket;
    unsigned first;
    unsigned count;
  };
  std::vector<Held> held_;
};

/// Whether this peer has one connection, and the calls on it wait themselves.
bool waits_on_one(PeerContext& context);

/// The working life of any other peer over connections: of streams of bytes, and of sockets that keep the borders of
/// messages. Compiled apart from the loops of one connection, so that those stay as they would be without this.
int run_on_streams(PeerContext& context);
int run_on_records(PeerContext& context);

}  // namespace ipc
