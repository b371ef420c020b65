/// The working life of a peer over sockets without connections.
#pragma once

#include <utility>
#include <vector>

#include "mechanism/linux/readiness.hpp"
#include "mechanism/posix/broadcast_channel.hpp"
#include "mechanism/posix/datagram_channel.hpp"
#include "peer/loops.hpp"

namespace ipc {

/// The peer's socket stands in its slot; those of a producer that sends to all are in the page's connections.
template <Delivery kDelivery>
int run_on_datagrams(PeerContext& context) {
  const Settings& settings = context.settings();
  const bool consumer = context.role() == Role::consumer;
  if (settings.broadcast() && !consumer) {
    std::vector<DatagramChannel<kDelivery>> channels;
    for (std::uint64_t k = 0; k < settings.consumers; ++k) {
      channels.emplace_back(context, context.page().connections[k].send_fd, Ordinals{settings.producers + k, 1});
    }
    BroadcastOver<DatagramChannel<kDelivery>> channel(std::move(channels));
    return run_loops(context, channel);
  }
  if (settings.polled() && (consumer || settings.pingpong())) {
    return with_readiness(settings, [&]<class Readiness>() {
      DatagramChannel<kDelivery, Readiness> channel(context);
      return run_loops(context, channel);
    });
  }
  DatagramChannel<kDelivery> channel(context);
  return run_loops(context, channel);
}

}  // namespace ipc
