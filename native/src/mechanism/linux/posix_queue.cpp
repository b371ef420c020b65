#include "mechanism/linux/posix_queue.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include "mechanism/linux/queue_limits.hpp"
#include "ownership/names.hpp"
#include "ownership/taken_name.hpp"
#include "protocol/failure.hpp"
#include "system/facts.hpp"
#include "system/owned_fd.hpp"

namespace ipc {

namespace {

constexpr int kWakeSignal = SIGUSR1;

/// From producer to consumer, and back; or to each consumer of a broadcast.
std::string queue_name(int supervisor_pid, unsigned index) {
  return "/" + object_name(supervisor_pid, "mq-" + std::to_string(index));
}

/// Why the system would not make a queue whose attributes were within its limits a moment ago.
Failure creation_failure(const Settings& settings, int error) {
  Failure failure = system_failure("mq_open", error);
  const QueueLimits limits = queue_limits();
  if (error == EMFILE) {
    const std::uint64_t cost = posix_queue_cost(settings.capacity_messages, settings.size_bytes);
    failure = over_bound({limits.posix_user_bytes, "RLIMIT_MSGQUEUE"}, 1, cost,
                         "together with this user's other queues, a queue of bytes");
    failure.remedy =
        "Remove queues that nobody uses, choose less --capacity or --size, or let an administrator raise the limit: " +
                     raising_command("RLIMIT_MSGQUEUE", std::to_string(limits.posix_user_bytes + cost)) + ".";
  } else if (error == ENOSPC) {
    const Bound bound{number_in_file("/proc/sys/fs/mqueue/queues_max"), "/proc/sys/fs/mqueue/queues_max"};
    failure = over_bound(bound, 1, bound.value + 1, "the number of queues");
    failure.remedy = "Remove queues that nobody uses, or let an administrator raise the limit: " +
                     raising_command(bound.limit, std::to_string(bound.value + 16)) + ".";
  } else if (error == EINVAL) {
    // This process seemed to have CAP_SYS_RESOURCE, and the kernel thinks otherwise.
    const bool size = settings.size_bytes > limits.posix_message_bytes;
    failure = size ? over_bound({limits.posix_message_bytes, "/proc/sys/fs/mqueue/msgsize_max"}, 1,
                                settings.size_bytes, "--size")
                   : over_bound({limits.posix_messages, "/proc/sys/fs/mqueue/msg_max"}, 1,
                                settings.capacity_messages, "--capacity");
  } else {
    return failure;
  }
  if (error != EINVAL) {
    // What this session alone wants would be within the range.
    failure.value.clear();
    failure.allowed.clear();
  }
  failure.errno_name = errno_name(error);
  failure.exit_code = kExitSystem;
  return failure;
}

struct Queue {
  std::string name;
  mqd_t descriptor = -1;
};

class PosixQueueResource final : public Resource {
 public:
  PosixQueueResource(const Settings& settings, StatsPage& page)
      : waits_inside_(settings.blocking || settings.polled()), broadcast_(settings.broadcast()) {
    page.object_name.assign(queue_name(getpid(), 0));
    try {
      for (unsigned i = 0; i < posix_queues_of(settings); ++i) queues_.push_back(make(settings, i));
    } catch (...) {
      close_all();
      throw;
    }
  }
  ~PosixQueueResource() override { close_all(); }

  std::vector<ObjectInfo> objects() const override {
    std::vector<ObjectInfo> all;
    for (const Queue& queue : queues_) {
      mq_attr attributes{};
      mq_getattr(queue.descriptor, &attributes);
      const auto messages = static_cast<std::uint64_t>(attributes.mq_maxmsg);
      all.push_back({"message_queue", queue.name, "0600", messages * static_cast<std::uint64_t>(attributes.mq_msgsize),
                     messages});
    }
    return all;
  }

  std::vector<int> inherited(unsigned) const override { return {}; }
  void started() override {}

  void opened() override {
    // All have them open: without names they go when we all go, however we end.
    unlink_all();
  }

  void abandon(const std::vector<Child>& peers) override {
    for (const Child& peer : peers) {
      if (peer.pidfd >= 0) send_signal(peer, kWakeSignal);
    }
  }

  /// Under broadcast: of the fullest queue, which is the one that holds the producer up.
  Occupancy occupancy(const std::vector<Child>&) override {
    Occupancy fullest = occupancy_of(queues_[0].descriptor);
    for (std::size_t i = 1; broadcast_ && i < queues_.size(); ++i) {
      const Occupancy one = occupancy_of(queues_[i].descriptor);
      if (one.used_messages.value_or(0) > fullest.used_messages.value_or(0)) fullest = one;
    }
    return fullest;
  }

  bool waits_inside_calls() const override { return waits_inside_; }

 private:
  static Queue make(const Settings& settings, unsigned index) {
    mq_attr attributes{};
    attributes.mq_maxmsg = static_cast<long>(settings.capacity_messages);
    attributes.mq_msgsize = static_cast<long>(settings.size_bytes);
    const std::string name = queue_name(getpid(), index);
    for (int attempt = 0;; ++attempt) {
      const mqd_t queue = mq_open(name.c_str(), O_CREAT | O_EXCL | O_RDWR, 0600, &attributes);
      if (queue >= 0) return {name, queue};
      if (errno != EEXIST || attempt > 0) throw creation_failure(settings, errno);
      // A queue's descriptor is one of a file here, mq_overview(7).
      if (!made_by_us(OwnedFd(mq_open(name.c_str(), O_RDONLY)).get())) throw name_taken("mq_open", name);
      // Our own pid in a name that exists: left behind by a process that had this pid before.
      mq_unlink(name.c_str());
    }
  }

  static Occupancy occupancy_of(mqd_t queue) {
    Occupancy now;
    mq_attr attributes{};
    if (mq_getattr(queue, &attributes) != 0) return now;
    now.used_messages = static_cast<std::uint64_t>(attributes.mq_curmsgs);
    now.capacity_messages = static_cast<std::uint64_t>(attributes.mq_maxmsg);
    now.used_bytes = bytes_in(queue);
    now.capacity_bytes = *now.capacity_messages * static_cast<std::uint64_t>(attributes.mq_msgsize);
    return now;
  }

  /// QSIZE of the line that the descriptor's file holds, mq_overview(7).
  static std::optional<std::uint64_t> bytes_in(mqd_t queue) {
    char text[128] = "";
    const ssize_t length = pread(queue, text, sizeof text - 1, 0);
    constexpr std::string_view kKey = "QSIZE:";
    std::uint64_t bytes = 0;
    if (length <= 0 || !std::string_view(text).starts_with(kKey)) return std::nullopt;
    const auto parsed = std::from_chars(text + kKey.size(), text + length, bytes);
    return parsed.ec == std::errc{} ? std::optional(bytes) : std::nullopt;
  }

  void unlink_all() {
    if (unlinked_) return;
    for (const Queue& queue : queues_) mq_unlink(queue.name.c_str());
    unlinked_ = true;
  }

  void close_all() {
    unlink_all();
    for (const Queue& queue : queues_) mq_close(queue.descriptor);
  }

  bool waits_inside_;
  bool broadcast_;
  bool unlinked_ = false;
  std::vector<Queue> queues_;
};

/// The queues that this peer may sleep for, for the signal handler, which is given nothing else.
std::array<mqd_t, kMaxPeers> awaited;
std::size_t awaited_count = 0;

void stop_blocking(int) {
  const int error = errno;
  mq_attr attributes{};
  attributes.mq_flags = O_NONBLOCK;
  // A bare system call on Linux, and so safe in a handler.
  for (std::size_t i = 0; i < awaited_count; ++i) mq_setattr(awaited[i], &attributes, nullptr);
  errno = error;
}

}  // namespace

std::unique_ptr<Resource> make_posix_queues(const Settings& settings, StatsPage& page) {
  return std::make_unique<PosixQueueResource>(settings, page);
}

int open_posix_queues(PeerContext& context, Endpoint& ends) {
  const Settings& settings = context.settings();
  const int pid = static_cast<int>(context.page().supervisor_pid);
  const auto flags = [&](int access) {
    return !settings.blocking || (access == O_RDONLY && settings.polled()) ? O_NONBLOCK : 0;
  };
  const auto open = [&](unsigned index, int access) {
    const std::string name = queue_name(pid, index);
    return traced<true>(context, CallName::mq_open, -1, 0, [&] { return mq_open(name.c_str(), access | flags(access)); });
  };
  const bool producer = context.role() == Role::producer;
  if (producer && settings.broadcast()) {
    for (unsigned i = 0; i < settings.consumers; ++i) {
      context.page().broadcast_fds[i] = open(i, O_WRONLY);
      if (context.page().broadcast_fds[i] < 0) return errno;
    }
    return 0;
  }
  const bool sends = producer || settings.two_way();
  const bool receives = !producer || settings.two_way();
  if (sends) ends.send_fd = open(producer ? 0 : 1, O_WRONLY);
  if (sends && ends.send_fd < 0) return errno;
  if (receives) ends.receive_fd = open(producer ? 1 : settings.broadcast() ? context.index() : 0, O_RDONLY);
  return receives && ends.receive_fd < 0 ? errno : 0;
}

void wake_when_abandoned(PeerContext& context, const Endpoint& ends) {
  const Settings& settings = context.settings();
  for (const mqd_t queue : {ends.send_fd, ends.receive_fd}) {
    if (queue >= 0) awaited[awaited_count++] = queue;
  }
  const bool broadcasts = settings.broadcast() && context.role() == Role::producer;
  for (unsigned i = 0; broadcasts && i < settings.consumers; ++i) {
    awaited[awaited_count++] = context.page().broadcast_fds[i];
  }
  // Without blocking calls a peer sleeps in ppoll alone, which lets the signal in as it falls asleep and no sooner. (A
  // receiver that polls looks for itself from time to time, and needs no waking.)
  if (!settings.blocking || (settings.polled() && ends.send_fd < 0 && !broadcasts)) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, kWakeSignal);
    sigprocmask(SIG_BLOCK, &set, nullptr);
  }
  struct sigaction action {};
  action.sa_handler = stop_blocking;  // without SA_RESTART: the call is to end with EINTR
  sigaction(kWakeSignal, &action, nullptr);
}

BroadcastOver<PosixQueueChannel> broadcast_over_queues(PeerContext& context) {
  std::vector<PosixQueueChannel> all;
  for (std::uint64_t i = 0; i < context.settings().consumers; ++i) {
    all.emplace_back(context, Endpoint{context.page().broadcast_fds[i], -1});
  }
  return BroadcastOver(std::move(all));
}

void await_queue(int queue, short events) {
  sigset_t none;
  sigemptyset(&none);
  pollfd entry{queue, events, 0};
  ppoll(&entry, 1, nullptr, &none);
}

}  // namespace ipc
