/// What this system allows message queues (mq_overview(7), sysvipc(7)).
#pragma once

#include <cstdint>
#include <string>

#include "options/settings.hpp"
#include "system/bound.hpp"

namespace ipc {

struct QueueLimits {
  /// msg_max, msgsize_max and msg_default of /proc/sys/fs/mqueue.
  std::uint64_t posix_messages = 10;
  std::uint64_t posix_message_bytes = 8192;
  std::uint64_t posix_default_messages = 10;
  /// RLIMIT_MSGQUEUE: bytes in all POSIX queues of a user, and what the kernel keeps about them.
  std::uint64_t posix_user_bytes = 819'200;
  /// msgmax and msgmnb of /proc/sys/kernel.
  std::uint64_t sysv_message_bytes = 8192;
  std::uint64_t sysv_queue_bytes = 16'384;
  /// CAP_SYS_RESOURCE in the first user namespace: only the limits built into the kernel and RLIMIT_MSGQUEUE hold.
  bool privileged = false;
};

/// Asks the system; what it does not tell has the kernel's default.
QueueLimits queue_limits();

/// How many POSIX queues a session needs.
std::uint64_t posix_queues_of(const Settings& settings);

/// Bytes that a POSIX queue counts for under RLIMIT_MSGQUEUE, getrlimit(2).
std::uint64_t posix_queue_cost(std::uint64_t messages, std::uint64_t message_bytes);

/// The greatest value that either kind of queue takes, and the limits of both in words.
struct QueueRange {
  std::uint64_t max;
  std::string bound;
};
/// Bytes of a message.
QueueRange queue_message_range(const QueueLimits& limits);
/// Messages in a queue.
QueueRange queue_capacity_range(const QueueLimits& limits);

/// Refuses what the chosen kind does not take, and fills in the capacity. Throws Failure.
void resolve_queue(Settings& settings, const QueueLimits& limits);

}  // namespace ipc
