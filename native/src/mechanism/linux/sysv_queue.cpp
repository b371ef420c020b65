#include "mechanism/posix/sysv_queue.hpp"

#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "mechanism/linux/queue_limits.hpp"
#include "ownership/names.hpp"
#include "protocol/failure.hpp"
#include "system/facts.hpp"

namespace ipc {

namespace {

Failure creation_failure(int error) {
  if (error == EEXIST) {
    return {ErrorCode::system_refused, "all keys that this process may use are taken",
            "Remove queues that nobody uses (ipcs -q, ipcrm -q), and try again.", "msgget", "", "", "EEXIST",
            kExitSystem};
  }
  Failure failure = system_failure("msgget", error);
  if (error != ENOSPC) return failure;
  const Bound bound{number_in_file("/proc/sys/kernel/msgmni"), "/proc/sys/kernel/msgmni"};
  failure = over_bound(bound, 1, bound.value + 1, "the number of queues");
  failure.remedy = "Remove queues that nobody uses (ipcs -q, ipcrm -q), or let an administrator raise the limit: " +
                   raising_command(bound.limit, std::to_string(bound.value + 16)) + ".";
  failure.value.clear();
  failure.allowed.clear();
  failure.errno_name = errno_name(error);
  failure.exit_code = kExitSystem;
  return failure;
}

class SysvQueueResource final : public Resource {
 public:
  SysvQueueResource(const Settings& settings, StatsPage& page)
      : blocking_(settings.blocking), message_bytes_(settings.size_bytes) {
    for (int index = 0; queue_ < 0; ++index) {
      key_ = object_key(getpid(), index);
      queue_ = msgget(key_, IPC_CREAT | IPC_EXCL | 0600);
      if (queue_ < 0 && (errno != EEXIST || index + 1 == kKeysAProcess)) throw creation_failure(errno);
    }
    try {
      set_size(settings.capacity_messages);
    } catch (...) {
      remove();
      throw;
    }
    page.object_name.assign(key_text(key_));
    for (unsigned i = 0; i < settings.processes(); ++i) page.slots[i].endpoint.send_fd = key_;
  }
  ~SysvQueueResource() override { remove(); }

  std::vector<ObjectInfo> objects() const override {
    return {{"message_queue", "key " + key_text(key_) + ", msqid " + std::to_string(queue_), "0600", capacity_bytes_}};
  }

  std::vector<int> inherited(unsigned) const override { return {}; }
  void started() override {}

  void abandon(const std::vector<Child>&) override {
    // msgsnd and msgrcv know no deadline. What is still in the queue goes with it.
    remove();
  }

  Occupancy occupancy(const std::vector<Child>&) override {
    Occupancy now;
    msqid_ds status{};
    if (msgctl(queue_, IPC_STAT, &status) != 0) return now;
    now.used_bytes = status.msg_cbytes;
    now.used_messages = status.msg_qnum;
    now.capacity_bytes = status.msg_qbytes;
    now.capacity_messages = status.msg_qbytes / message_bytes_;
    now.gauges = {{"last_sender_pid", static_cast<std::uint64_t>(status.msg_lspid)},
                  {"last_receiver_pid", static_cast<std::uint64_t>(status.msg_lrpid)}};
    return now;
  }

  bool waits_inside_calls() const override { return blocking_; }

 private:
  /// Gives the queue room for so many messages, unless it has just that as the system makes it.
  void set_size(std::uint64_t messages) {
    msqid_ds status{};
    if (msgctl(queue_, IPC_STAT, &status) != 0) throw system_failure("msgctl IPC_STAT", errno);
    if (status.msg_qbytes / message_bytes_ != messages) {
      status.msg_qbytes = messages * message_bytes_;
      if (msgctl(queue_, IPC_SET, &status) != 0) {
        const int error = errno;
        if (error != EPERM) throw system_failure("msgctl IPC_SET", error);
        // This process seemed to have CAP_SYS_RESOURCE, and the kernel thinks otherwise.
        throw over_bound({queue_limits().sysv_queue_bytes, "/proc/sys/kernel/msgmnb"}, 1, messages * message_bytes_,
                         "--capacity times --size");
      }
    }
    capacity_bytes_ = status.msg_qbytes;
  }

  void remove() {
    if (queue_ >= 0) msgctl(queue_, IPC_RMID, nullptr);
    queue_ = -1;
  }

  bool blocking_;
  std::uint64_t message_bytes_;
  key_t key_ = 0;
  int queue_ = -1;
  std::uint64_t capacity_bytes_ = 0;
};

}  // namespace

std::unique_ptr<Resource> make_sysv_queue(const Settings& settings, StatsPage& page) {
  return std::make_unique<SysvQueueResource>(settings, page);
}

SysvTypes types_of(PeerContext& context) {
  constexpr long kForth = 1;
  constexpr long kBack = 2;
  if (context.role() == Role::producer) return {kForth, kBack};
  return {kBack, context.settings().broadcast() ? kForth + static_cast<long>(context.index()) : kForth};
}

BroadcastOver<SysvQueueChannel> broadcast_by_types(PeerContext& context, int queue) {
  std::vector<SysvQueueChannel> all;
  const SysvTypes first = types_of(context);
  for (std::uint64_t i = 0; i < context.settings().consumers; ++i) {
    all.emplace_back(context, queue, SysvTypes{first.sends + static_cast<long>(i), first.takes});
  }
  return BroadcastOver(std::move(all));
}

int open_sysv_queue(PeerContext& context) {
  // A key takes the place of a descriptor here, as it does of a name.
  const key_t key = context.slot().endpoint.send_fd;
  return traced<true>(context, CallName::msgget, -1, 0, [&] { return msgget(key, 0600); });
}

}  // namespace ipc
