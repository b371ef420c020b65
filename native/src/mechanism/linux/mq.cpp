/// Message queues of the kernel: POSIX (mq_overview(7)), whose messages have priorities, and System V (sysvipc(7)), whose
/// messages have types. Messages stay whole, and one call carries one. There is no tuned variant: no call takes several
/// messages, and a deeper queue, which msg_max and msgmnb bound, is the capacity.
#include "catalogue/catalogue.hpp"
#include "mechanism/linux/posix_queue.hpp"
#include "mechanism/linux/queue_limits.hpp"
#include "mechanism/linux/readiness.hpp"
#include "mechanism/linux/ready_queue.hpp"
#include "mechanism/posix/sysv_queue.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"

namespace ipc {

namespace {

// MQ_PRIO_MAX - 1, mq_overview(7).
constexpr std::uint64_t kHighestPriority = 32'767;

std::vector<OptionRow> options() {
  const QueueLimits limits = queue_limits();
  const QueueRange message = queue_message_range(limits);
  const QueueRange capacity = queue_capacity_range(limits);
  std::vector<OptionRow> rows = session_options(
      {.max_capacity = capacity.max,
       .capacity_in_messages = true,
       .max_message_bytes = message.max,
       .several = true,
       .dialogue = true},
      {choice_option("kind", "--kind", {"posix", "sysv"}, &Settings::kind),
       integer_option("priority", "--priority", "none", 0, kHighestPriority, 0, &Settings::priority),
       receive_option()});
  for (OptionRow& row : rows) {
    if (row.number == &Settings::size_bytes) row.bound = message.bound;
    if (row.number == &Settings::capacity_messages) row.bound = capacity.bound;
  }
  return rows;
}

void resolve_waiting(const Settings& settings) {
  if (!settings.polled() || settings.kind.view() != "sysv") return;
  Failure failure{ErrorCode::not_supported, "a System V queue is no descriptor that could be polled (msgrcv(2))",
                  "Use --receive call, or --kind posix."};
  failure.where = "--receive";
  failure.value = settings.receive.view();
  failure.allowed = "call";
  throw failure;
}

int posix_peer(PeerContext& context) {
  Endpoint ends;
  const int error = open_posix_queues(context, ends);
  if (error != 0) return context.end(context.failed("mq_open", error));
  wake_when_abandoned(context, ends);
  if (context.settings().broadcast() && context.role() == Role::producer) {
    BroadcastOver<PosixQueueChannel> channel = broadcast_over_queues(context);
    return run_loops(context, channel);
  }
  if (polls_to_receive(context)) return run_on_ready_queue(context, ends);
  PosixQueueChannel channel(context, ends);
  return run_loops(context, channel);
}

int sysv_peer(PeerContext& context) {
  const int queue = open_sysv_queue(context);
  if (queue < 0) return context.end(context.failed("msgget", errno));
  if (context.settings().broadcast() && context.role() == Role::producer) {
    BroadcastOver<SysvQueueChannel> channel = broadcast_by_types(context, queue);
    return run_loops(context, channel);
  }
  SysvQueueChannel channel(context, queue, types_of(context));
  return run_loops(context, channel);
}

}  // namespace

MechanismRow mq_mechanism() {
  return {
      "mq",
      "message_passing",
      {"plain"},
      {"stream", "pingpong", "fan_in", "fan_out", "many_to_many", "broadcast", "dialogue"},
      options,
      [](Settings& settings) {
        resolve_waiting(settings);
        resolve_queue(settings, queue_limits());
      },
      [](const Settings& settings, StatsPage& page) {
        return settings.kind.view() == "sysv" ? make_sysv_queue(settings, page) : make_posix_queues(settings, page);
      },
      [](PeerContext& context) {
        return context.settings().kind.view() == "sysv" ? sysv_peer(context) : posix_peer(context);
      },
  };
}

}  // namespace ipc
