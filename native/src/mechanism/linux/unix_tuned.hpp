/// Unix sockets that carry several messages a call.
#pragma once

#include "peer/context.hpp"

namespace ipc {

/// Refuses what the variants `tuned` and `uring` do not carry. Throws Failure.
void resolve_unix_tuned(const Settings& settings);

/// Whether the peers of these settings work as `run_unix_tuned` does.
bool gathers_on_unix(const Settings& settings);

/// The working life of a peer of such a stream.
int run_unix_tuned(PeerContext& context);

}  // namespace ipc
