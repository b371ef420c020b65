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

#include "mechanism/linux/readiness.hpp"
#include "mechanism/posix/ready_channel.hpp"
#include "mechanism/posix/socket.hpp"
#include "mechanism/posix/spreading_channel.hpp"
#include "peer/loops.hpp"

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

/// This peer's ends of its connections.
std::vector<int> own_connections(PeerContext& context);

/// The working life of a peer over connections. `Direct` is its channel where it has one connection and lets the calls
/// themselves wait; it is made of a context, and of a context and an Endpoint.
template <class Calls, class Direct>
int run_on_connections(PeerContext& context) {
  const Settings& settings = context.settings();
  const bool consumer = context.role() == Role::consumer;
  const std::vector<int> ends = own_connections(context);
  if (settings.polled() && (consumer || settings.pingpong())) {
    return with_readiness(settings, [&]<class Readiness>() {
      ReadyChannel<Calls, Readiness> channel(context, ends.front(), ends);
      return run_loops(context, channel);
    });
  }
  if (ends.size() == 1) {
    Direct channel(context);
    return run_loops(context, channel);
  }
  if (settings.broadcast()) {
    std::vector<Direct> channels;
    for (const int fd : ends) channels.emplace_back(context, Endpoint{fd, -1});
    BroadcastOver<Direct> channel(std::move(channels));
    return run_loops(context, channel);
  }
  SpreadingChannel<Calls> channel(context, ends);
  return run_loops(context, channel);
}

}  // namespace ipc
