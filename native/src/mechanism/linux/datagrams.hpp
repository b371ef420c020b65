/// The working life of a peer over sockets without connections.
#pragma once

#include "mechanism/posix/datagram_channel.hpp"
#include "peer/loops.hpp"

namespace ipc {

/// Whether this peer has one socket, and the calls on it wait themselves.
bool waits_on_one_datagram_socket(PeerContext& context);

/// The working life of any other peer. Compiled apart from the loops of one socket, so that those stay as they would be
/// without this.
template <Delivery kDelivery>
int run_on_several_datagram_sockets(PeerContext& context);

/// The peer's socket stands in its slot; those of a producer that sends to all are in the page's connections.
template <Delivery kDelivery>
int run_on_datagrams(PeerContext& context) {
  if (!waits_on_one_datagram_socket(context)) return run_on_several_datagram_sockets<kDelivery>(context);
  DatagramChannel<kDelivery> channel(context);
  return run_loops(context, channel);
}

}  // namespace ipc
