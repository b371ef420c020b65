/// A POSIX queue whose receiver asks first whether there is a message: a queue is a descriptor here (mq_overview(7),
/// "Polling message queue descriptors").
#pragma once

#include "mechanism/linux/posix_queue.hpp"
#include "peer/context.hpp"

namespace ipc {

/// The working life of a peer that receives from `ends`, whose receiving one has O_NONBLOCK.
int run_on_ready_queue(PeerContext& context, const Endpoint& ends);

}  // namespace ipc
