#include "mechanism/linux/queue_limits.hpp"

#include "catalogue/option_table.hpp"
#include "check.hpp"
#include "protocol/failure.hpp"

using namespace ipc;

namespace {

/// As a kernel has them that nobody has changed.
constexpr QueueLimits kUsual{};

QueueLimits root_limits() {
  QueueLimits limits;
  limits.privileged = true;
  return limits;
}

Settings wish(const char* kind, std::uint64_t size, std::uint64_t capacity, bool pingpong = false) {
  Settings settings;
  settings.kind.assign(kind);
  settings.pattern.assign(pingpong ? "pingpong" : "stream");
  settings.size_bytes = size;
  settings.capacity_messages = capacity;
  return settings;
}

std::uint64_t capacity(Settings settings, const QueueLimits& limits) {
  resolve_queue(settings, limits);
  return settings.capacity_messages;
}

/// `where value allowed | remedy` of the refusal, or `accepted`.
std::string refusal(Settings settings, const QueueLimits& limits) {
  try {
    resolve_queue(settings, limits);
  } catch (const Failure& failure) {
    return failure.where + " " + failure.value + " " + failure.allowed + " | " + failure.remedy;
  }
  return "accepted";
}

}  // namespace

CASE("without a wish a queue has the system's capacity") {
  EQUAL(capacity(wish("posix", 64, 0), kUsual), 10U);
  EQUAL(capacity(wish("sysv", 64, 0), kUsual), 256U);
  EQUAL(capacity(wish("sysv", 8192, 0), kUsual), 2U);
  EQUAL(capacity(wish("sysv", 1, 0), kUsual), 16'384U);
  EQUAL(capacity(wish("posix", 64, 3), kUsual), 3U);
}

CASE("a message beyond a limit is refused with the limit and the command that raises it") {
  EQUAL(refusal(wish("posix", 8192, 0), kUsual), "accepted");
  EQUAL(refusal(wish("posix", 8193, 0), kUsual),
        "/proc/sys/fs/mqueue/msgsize_max 8193 1..8192 | Stay within 1..8192, or let an administrator raise the limit: "
        "sysctl -w fs.mqueue.msgsize_max=8193.");
  HOLDS(refusal(wish("sysv", 8193, 0), kUsual).find("sysctl -w kernel.msgmax=8193.") != std::string::npos);
  QueueLimits small = kUsual;
  small.sysv_queue_bytes = 4096;
  // It would fit into no queue, and be waited for for ever.
  HOLDS(refusal(wish("sysv", 4097, 0), small).starts_with("/proc/sys/kernel/msgmnb 4097 1..4096"));
}

CASE("a capacity beyond a limit is refused by the kind that has it") {
  HOLDS(refusal(wish("posix", 64, 11), kUsual).find("sysctl -w fs.mqueue.msg_max=11.") != std::string::npos);
  EQUAL(refusal(wish("sysv", 64, 256), kUsual), "accepted");
  HOLDS(refusal(wish("sysv", 64, 257), kUsual).starts_with("/proc/sys/kernel/msgmnb 16448 1..16384"));
}

CASE("all queues of a session count together under RLIMIT_MSGQUEUE") {
  EQUAL(posix_queue_cost(10, 64), 1600U);
  QueueLimits poor = kUsual;
  poor.posix_user_bytes = 3199;
  EQUAL(refusal(wish("posix", 64, 10), poor), "accepted");
  EQUAL(refusal(wish("posix", 64, 10, true), poor),
        "RLIMIT_MSGQUEUE 3200 1..3199 | Stay within 1..3199, or let an administrator raise the limit: ulimit -q 3200.");
}

CASE("a broadcast has a queue for each consumer, of POSIX; any other stream has one, however many share it") {
  QueueLimits poor = kUsual;
  poor.posix_user_bytes = 64 * 1600;
  Settings settings = wish("posix", 64, 10);
  settings.pattern.assign("broadcast");
  settings.producers = 1;
  settings.consumers = 64;
  EQUAL(posix_queues_of(settings), 64U);
  EQUAL(refusal(settings, poor), "accepted");
  --poor.posix_user_bytes;
  HOLDS(refusal(settings, poor).starts_with("RLIMIT_MSGQUEUE 102400 1..102399"));
  settings.pattern.assign("many_to_many");
  settings.producers = 64;
  EQUAL(posix_queues_of(settings), 1U);
  EQUAL(refusal(settings, poor), "accepted");
}

CASE("CAP_SYS_RESOURCE leaves the limits of the kernel itself, and RLIMIT_MSGQUEUE") {
  EQUAL(refusal(wish("posix", 50'000, 11), root_limits()), "accepted");
  EQUAL(refusal(wish("sysv", 64, 257), root_limits()), "accepted");
  HOLDS(refusal(wish("posix", 1, 65'537), root_limits()).ends_with("no setting raises this limit."));
  HOLDS(refusal(wish("posix", 100'000, 10), root_limits()).starts_with("RLIMIT_MSGQUEUE 1000960 1..819200"));
  HOLDS(refusal(wish("sysv", 8193, 1), root_limits()).starts_with("/proc/sys/kernel/msgmax 8193 1..8192"));
}

CASE("the ranges are those of the kind that takes more, and what they promise is accepted") {
  EQUAL(queue_message_range(kUsual).max, 8192U);
  EQUAL(queue_message_range(kUsual).bound,
        "for posix /proc/sys/fs/mqueue/msgsize_max allows 8192 (raised by sysctl -w fs.mqueue.msgsize_max=N), "
        "for sysv /proc/sys/kernel/msgmax allows 8192 (raised by sysctl -w kernel.msgmax=N)");
  EQUAL(queue_capacity_range(kUsual).max, 16'384U);
  HOLDS(queue_message_range(root_limits()).bound.starts_with("for posix RLIMIT_MSGQUEUE allows 819104 (raised by ulimit -q N)"));
  EQUAL(refusal(wish("posix", queue_message_range(root_limits()).max, 1), root_limits()), "accepted");
  EQUAL(refusal(wish("sysv", 1, queue_capacity_range(kUsual).max), kUsual), "accepted");
  QueueLimits roomy = root_limits();
  roomy.posix_user_bytes = ~std::uint64_t{0};
  roomy.sysv_message_bytes = 2 * kMaxMessageBytes;
  EQUAL(queue_message_range(roomy).max, kMaxMessageBytes);
}

CASE("System V messages have no priorities") {
  Settings settings = wish("sysv", 64, 0);
  settings.priority = 1;
  HOLDS(refusal(settings, kUsual).starts_with("--priority 1 0 | "));
  settings.kind.assign("posix");
  EQUAL(refusal(settings, kUsual), "accepted");
}
