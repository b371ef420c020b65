#include "mechanism/linux/connections.hpp"

#include <utility>

#include "mechanism/linux/readiness.hpp"
#include "mechanism/posix/broadcast_over.hpp"
#include "mechanism/posix/datagram_channel.hpp"
#include "mechanism/posix/fd_channel.hpp"
#include "mechanism/posix/ready_channel.hpp"
#include "mechanism/posix/spreading_channel.hpp"
#include "peer/loops.hpp"

namespace ipc {

namespace {

/// This peer's ends of its connections.
std::vector<int> own_ends(PeerContext& context) {
  const Settings& settings = context.settings();
  const bool producer = context.role() == Role::producer;
  std::vector<int> fds;
  for (std::size_t k = 0; k < connections_of(settings); ++k) {
    const Endpoint& ends = context.page().connections[k];
    const std::uint64_t owner = k % (producer ? settings.producers : settings.consumers);
    if (owner == context.index()) fds.push_back(producer ? ends.send_fd : ends.receive_fd);
  }
  return fds;
}

/// `Direct`: the channel of a single connection, made of a context and an Endpoint.
template <class Calls, class Direct>
int run_on_several(PeerContext& context) {
  const std::vector<int> ends = own_ends(context);
  if (polls_to_receive(context)) {
    return with_readiness(context.settings(), [&]<class Readiness>() {
      ReadyChannel<Calls, Readiness> channel(context, ends.front(), ends);
      return run_loops(context, channel);
    });
  }
  if (context.settings().broadcast()) {
    std::vector<Direct> channels;
    for (const int fd : ends) channels.emplace_back(context, Endpoint{fd, -1});
    BroadcastOver<Direct> channel(std::move(channels));
    return run_loops(context, channel);
  }
  SpreadingChannel<Calls> channel(context, ends);
  return run_loops(context, channel);
}

}  // namespace

int HeldSockets::hold(Socket socket, unsigned first, unsigned count) {
  held_.push_back({std::move(socket), first, count});
  return held_.back().socket.fd();
}

void HeldSockets::hold_connection(StatsPage& page, std::size_t k, Socket client, Socket server) {
  const Settings& settings = page.settings;
  const unsigned producer = producer_of(settings, k);
  const unsigned consumer = consumer_of(settings, k);
  const Endpoint ends{hold(std::move(client), producer), hold(std::move(server), consumer)};
  page.connections[k] = ends;
  if (k < settings.producers) page.slots[producer].endpoint = {ends.send_fd, ends.send_fd};
  if (k < settings.consumers) page.slots[consumer].endpoint = {ends.receive_fd, ends.receive_fd};
}

std::vector<int> HeldSockets::inherited(unsigned ordinal) const {
  std::vector<int> fds;
  for (const Held& held : held_) {
    if (ordinal >= held.first && ordinal - held.first < held.count) fds.push_back(held.socket.fd());
  }
  return fds;
}

bool waits_on_one(PeerContext& context) { return !polls_to_receive(context) && own_ends(context).size() == 1; }

int run_on_streams(PeerContext& context) { return run_on_several<SocketCalls, FdChannel<SocketCalls>>(context); }

int run_on_records(PeerContext& context) {
  return run_on_several<SeqpacketCalls, DatagramChannel<Delivery::connected>>(context);
}

}  // namespace ipc
