/// A pipe whose reader asks first whether there is something to read.
#pragma once

#include "peer/context.hpp"

namespace ipc {

/// The working life of a peer that reads from its slot's endpoint, which has O_NONBLOCK.
int run_on_ready_pipe(PeerContext& context);

}  // namespace ipc
