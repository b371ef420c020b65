#include "mechanism/linux/ready_pipe.hpp"

#include "mechanism/linux/readiness.hpp"
#include "mechanism/posix/pipe_calls.hpp"
#include "mechanism/posix/ready_channel.hpp"
#include "peer/loops.hpp"

namespace ipc {

int run_on_ready_pipe(PeerContext& context) {
  const Endpoint& ends = context.slot().endpoint;
  return with_readiness(context.settings(), [&]<class Readiness>() {
    ReadyChannel<PipeCalls, Readiness> channel(context, ends.send_fd, {ends.receive_fd});
    return run_loops(context, channel);
  });
}

}  // namespace ipc
