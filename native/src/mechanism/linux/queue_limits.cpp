#include "mechanism/linux/queue_limits.hpp"

#include <linux/capability.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

#include "catalogue/option_table.hpp"
#include "system/facts.hpp"

namespace ipc {

namespace {

// mq_overview(7), since Linux 3.5.
constexpr std::uint64_t kHardMessages = 65'536;
constexpr std::uint64_t kHardMessageBytes = 16'777'216;
// sizeof(struct msg_msg) and sizeof(struct posix_msg_tree_node) of a 64-bit kernel; there may be a tree node for each
// priority, of which MQ_PRIO_MAX (32,768) are.
constexpr std::uint64_t kMessageOverhead = 48;
constexpr std::uint64_t kPriorityOverhead = 48;
constexpr std::uint64_t kPriorities = 32'768;

constexpr const char* kMessageBytesFile = "/proc/sys/fs/mqueue/msgsize_max";
constexpr const char* kMessagesFile = "/proc/sys/fs/mqueue/msg_max";
constexpr const char* kUserBytes = "RLIMIT_MSGQUEUE";
constexpr const char* kSysvMessageFile = "/proc/sys/kernel/msgmax";
constexpr const char* kSysvQueueFile = "/proc/sys/kernel/msgmnb";

const Bound& least(const Bound& a, const Bound& b) { return b.value < a.value ? b : a; }

QueueRange range_of(const Bound& posix, const Bound& sysv, std::uint64_t most) {
  return {std::min(std::max(posix.value, sysv.value), most),
          "for posix " + bound_text(posix) + ", for sysv " + bound_text(sysv)};
}

/// capable(CAP_SYS_RESOURCE) of the kernel: a capability in a user namespace of its own does not count.
bool may_exceed_limits() {
  std::string line;
  std::getline(std::ifstream("/proc/self/uid_map"), line);
  if (line.find("4294967295") == std::string::npos) return false;
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "CapEff:") continue;
    std::uint64_t capabilities = 0;
    status >> std::hex >> capabilities;
    return (capabilities >> CAP_SYS_RESOURCE & 1) != 0;
  }
  return false;
}

/// What a queue of one message may carry, and what a queue of messages of one byte may hold, under RLIMIT_MSGQUEUE.
Bound affordable_bytes(const QueueLimits& limits) {
  const std::uint64_t overhead = posix_queue_cost(1, 0);
  return {limits.posix_user_bytes > overhead ? limits.posix_user_bytes - overhead : 0, kUserBytes};
}
Bound affordable_messages(const QueueLimits& limits) {
  return {limits.posix_user_bytes / posix_queue_cost(1, 1), kUserBytes};
}

Bound posix_message_bound(const QueueLimits& limits) {
  return limits.privileged ? Bound{kHardMessageBytes, "HARD_MSGSIZEMAX"}
                           : Bound{limits.posix_message_bytes, kMessageBytesFile};
}
Bound posix_capacity_bound(const QueueLimits& limits) {
  return limits.privileged ? Bound{kHardMessages, "HARD_MSGMAX"} : Bound{limits.posix_messages, kMessagesFile};
}
Bound sysv_message_bound(const QueueLimits& limits) {
  const Bound message{limits.sysv_message_bytes, kSysvMessageFile};
  // A message larger than its queue would be waited for for ever.
  return limits.privileged ? message : least(message, {limits.sysv_queue_bytes, kSysvQueueFile});
}
Bound sysv_capacity_bound(const QueueLimits& limits) {
  // Beyond msgmnb the kernel knows no limit but its memory.
  if (limits.privileged && limits.sysv_queue_bytes < kHardMessages) return {kHardMessages, "this program"};
  return {limits.sysv_queue_bytes, kSysvQueueFile};
}

void check(const Bound& bound, std::uint64_t wanted, const char* what) {
  if (wanted > bound.value) throw over_bound(bound, 1, wanted, what);
}

void resolve_posix(Settings& settings, const QueueLimits& limits) {
  check(posix_message_bound(limits), settings.size_bytes, "--size");
  if (settings.capacity_messages == 0) settings.capacity_messages = limits.posix_default_messages;
  check(posix_capacity_bound(limits), settings.capacity_messages, "--capacity");
  const std::uint64_t cost =
      posix_queue_cost(settings.capacity_messages, settings.size_bytes) * posix_queues_of(settings);
  check({limits.posix_user_bytes, kUserBytes}, cost, "what queues of this --size and --capacity take in bytes,");
}

void resolve_sysv(Settings& settings, const QueueLimits& limits) {
  if (settings.dialogue()) {
    Failure failure{ErrorCode::not_supported, "nobody can wait for a System V queue and for a person at the same time",
                    "Use --kind posix, whose queues poll(2) knows."};
    failure.where = "--kind";
    failure.value = "sysv";
    failure.allowed = "posix";
    throw failure;
  }
  if (settings.priority != 0) {
    Failure failure{ErrorCode::not_supported, "messages of System V queues have types, not priorities",
                    "Leave --priority out, or use --kind posix."};
    failure.where = "--priority";
    failure.value = std::to_string(settings.priority);
    failure.allowed = "0";
    throw failure;
  }
  check(sysv_message_bound(limits), settings.size_bytes, "--size");
  if (settings.capacity_messages == 0) {
    settings.capacity_messages = std::max<std::uint64_t>(1, limits.sysv_queue_bytes / settings.size_bytes);
  } else if (!limits.privileged) {
    check({limits.sysv_queue_bytes, kSysvQueueFile}, settings.capacity_messages * settings.size_bytes,
          "--capacity times --size");
  }
}

}  // namespace

QueueLimits queue_limits() {
  QueueLimits limits;
  const auto ask = [](const char* path, std::uint64_t& value) {
    if (const std::uint64_t told = number_in_file(path); told != 0) value = told;
  };
  ask(kMessagesFile, limits.posix_messages);
  ask(kMessageBytesFile, limits.posix_message_bytes);
  ask("/proc/sys/fs/mqueue/msg_default", limits.posix_default_messages);
  limits.posix_default_messages = std::min(limits.posix_default_messages, limits.posix_messages);
  ask(kSysvMessageFile, limits.sysv_message_bytes);
  ask(kSysvQueueFile, limits.sysv_queue_bytes);
  rlimit user{};
  // RLIM_INFINITY is the greatest number of all.
  if (getrlimit(RLIMIT_MSGQUEUE, &user) == 0) limits.posix_user_bytes = user.rlim_cur;
  limits.privileged = may_exceed_limits();
  return limits;
}

std::uint64_t posix_queues_of(const Settings& settings) {
  if (settings.broadcast()) return settings.consumers;
  return settings.two_way() ? 2 : 1;
}

std::uint64_t posix_queue_cost(std::uint64_t messages, std::uint64_t message_bytes) {
  return messages * (kMessageOverhead + message_bytes) + std::min(messages, kPriorities) * kPriorityOverhead;
}

QueueRange queue_message_range(const QueueLimits& limits) {
  return range_of(least(posix_message_bound(limits), affordable_bytes(limits)), sysv_message_bound(limits),
                  kMaxMessageBytes);
}

QueueRange queue_capacity_range(const QueueLimits& limits) {
  return range_of(least(posix_capacity_bound(limits), affordable_messages(limits)), sysv_capacity_bound(limits),
                  std::numeric_limits<std::uint64_t>::max());
}

void resolve_queue(Settings& settings, const QueueLimits& limits) {
  if (settings.kind.view() == "sysv") {
    resolve_sysv(settings, limits);
  } else {
    resolve_posix(settings, limits);
  }
}

}  // namespace ipc
