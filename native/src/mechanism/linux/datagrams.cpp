#include "mechanism/linux/datagrams.hpp"

#include <utility>
#include <vector>

#include "mechanism/linux/readiness.hpp"
#include "mechanism/posix/broadcast_over.hpp"

namespace ipc {

namespace {

bool sends_to_all(PeerContext& context) {
  return context.settings().broadcast() && context.role() == Role::producer;
}

}  // namespace

bool waits_on_one_datagram_socket(PeerContext& context) {
  return !sends_to_all(context) && !polls_to_receive(context);
}

template <Delivery kDelivery>
int run_on_several_datagram_sockets(PeerContext& context) {
  const Settings& settings = context.settings();
  if (sends_to_all(context)) {
    std::vector<DatagramChannel<kDelivery>> channels;
    for (std::uint64_t k = 0; k < settings.consumers; ++k) {
      channels.emplace_back(context, context.page().connections[k].send_fd, Ordinals{settings.producers + k, 1});
    }
    BroadcastOver<DatagramChannel<kDelivery>> channel(std::move(channels));
    return run_loops(context, channel);
  }
  return with_readiness(settings, [&]<class Readiness>() {
    DatagramChannel<kDelivery, Readiness> channel(context);
    return run_loops(context, channel);
  });
}

template int run_on_several_datagram_sockets<Delivery::marked>(PeerContext& context);
template int run_on_several_datagram_sockets<Delivery::lossy>(PeerContext& context);

}  // namespace ipc
