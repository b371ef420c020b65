#include "mechanism/linux/unix_tuned.hpp"

#include <sys/socket.h>

#include "mechanism/linux/datagram_batch.hpp"
#include "mechanism/linux/unix_message.hpp"
#include "mechanism/linux/uring_channel.hpp"
#include "mechanism/posix/batch_channel.hpp"
#include "mechanism/posix/socket.hpp"
#include "mechanism/posix/tuned.hpp"
#include "protocol/failure.hpp"

namespace ipc {

namespace {

[[noreturn]] void refuse_datagrams(const Settings& settings) {
  Failure failure{ErrorCode::not_supported, "the variant uring carries streams of bytes only",
                  "Use --kind stream, or --variant tuned."};
  failure.where = "--kind";
  failure.value = settings.kind.view();
  failure.allowed = "stream";
  throw failure;
}

}  // namespace

void resolve_unix_tuned(const Settings& settings) {
  resolve_tuned(settings);
  refuse_without_uring(settings);
  if (is_uring(settings) && unix_type_of(settings) != SOCK_STREAM) refuse_datagrams(settings);
}

bool gathers_on_unix(const Settings& settings) {
  return is_uring(settings) || (settings.tuned() && !settings.pingpong());
}

int run_unix_tuned(PeerContext& context) {
  if (is_uring(context.settings())) return run_uring<SocketCalls, IORING_OP_SEND>(context, kBatchBytes);
  const int type = unix_type_of(context.settings());
  if (type == SOCK_STREAM) return run_batched<SocketCalls>(context, kBatchBytes);
  return type == SOCK_DGRAM ? run_gathered<Delivery::marked>(context) : run_gathered<Delivery::connected>(context);
}

}  // namespace ipc
