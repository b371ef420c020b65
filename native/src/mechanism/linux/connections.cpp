#include "mechanism/linux/connections.hpp"

namespace ipc {

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

std::vector<int> own_connections(PeerContext& context) {
  const Settings& settings = context.settings();
  std::vector<int> fds;
  for (std::size_t k = 0; k < connections_of(settings); ++k) {
    const Endpoint& ends = context.page().connections[k];
    const bool producer = context.role() == Role::producer;
    const std::uint64_t owner = k % (producer ? settings.producers : settings.consumers);
    if (owner == context.index()) fds.push_back(producer ? ends.send_fd : ends.receive_fd);
  }
  return fds;
}

}  // namespace ipc
