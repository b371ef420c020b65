/// A server of its own: many connections, one thread, no call that waits for one client alone.
#pragma once

#include <functional>

#include "rpc/server.hpp"
#include "rpc/transport.hpp"

namespace ipc::rpc {

/// Serves `program` on 127.0.0.1 until `until_fd` is at its end. `port` 0: the system chooses a free one. `serving` is
/// told the port once calls can come. A record that is cut short, too long or no call closes its connection. Throws
/// Failure.
void serve(const Program& program, Framing framing, unsigned port, int until_fd,
           const std::function<void(unsigned port)>& serving);

}  // namespace ipc::rpc
