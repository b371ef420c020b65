/// Signals as messages (signal(7)), sent to a process by its pidfd (pidfd_send_signal(2)): standard ones, which merge while
/// one is pending, and real-time ones, which are queued with a value.
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/pending_signals.hpp"
#include "mechanism/linux/signal_channel.hpp"
#include "mechanism/linux/signal_partners.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"
#include "system/bound.hpp"

namespace ipc {

namespace {

bool queued(const Settings& settings) { return settings.kind.view() == "realtime"; }

SendTimes* map_times(int fd, std::size_t producers) {
  void* const base = mmap(nullptr, producers * sizeof(SendTimes), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  return base == MAP_FAILED ? nullptr : static_cast<SendTimes*>(base);
}

class SignalResource final : public Resource {
 public:
  SignalResource(const Settings& settings, StatsPage& page)
      : settings_(settings),
        page_(page),
        introduction_(settings, page),
        times_(memfd_create("ipc-scope-send-times", MFD_CLOEXEC)),
        queued_before_(PendingSignals(getpid()).read().of_user) {
    if (times_.get() < 0) throw system_failure("memfd_create", errno);
    // Fresh memory is all noughts, and that is an empty table.
    if (ftruncate(times_.get(), static_cast<off_t>(settings.producers * sizeof(SendTimes))) != 0) {
      throw system_failure("ftruncate", errno);
    }
    for (unsigned i = 0; i < settings.processes(); ++i) page.slots[i].endpoint.send_fd = times_.get();
  }

  std::vector<ObjectInfo> objects() const override {
    const int signal = message_signal(queued(settings_));
    const std::string name = queued(settings_) ? "SIGRTMIN" : "SIGUSR1";
    return {{"signal", name + " (" + std::to_string(signal) + ") to pid " + std::to_string(receiver_pid_), "none",
             std::nullopt}};
  }

  std::vector<int> inherited(unsigned ordinal) const override {
    return {introduction_.peer_end(ordinal), times_.get()};
  }

  void started() override {}

  void introduce(const std::vector<Child>& peers) override {
    receiver_pid_ = peers[settings_.producers].pid;
    pending_ = std::make_unique<PendingSignals>(receiver_pid_);
    introduction_.introduce(peers);
  }

  void abandon(const std::vector<Child>& peers) override {
    for (const Child& peer : peers) {
      if (peer.pidfd >= 0) send_signal(peer, end_signal());
    }
  }

  /// How many signals are queued the system tells of a user, not of a process (SigQ, proc_pid_status(5)): what was there
  /// before the session is taken off, what the user's other programs queue meanwhile cannot be.
  Occupancy occupancy(const std::vector<Child>&) override {
    Occupancy now;
    if (!lossless()) now.gauges.emplace_back("merged", known_lost());
    const PendingSignals::Reading reading = pending_->read();
    if (!reading.valid) return now;
    const bool any = reading.is_pending(message_signal(queued(settings_)));
    const std::uint64_t since = reading.of_user - std::min(reading.of_user, queued_before_);
    now.used_messages = !any ? 0 : queued(settings_) ? std::max<std::uint64_t>(since, 1) : 1;
    now.used_bytes = *now.used_messages * settings_.size_bytes;
    // Of a standard signal one at most can be pending.
    now.capacity_messages = queued(settings_) ? reading.limit : 1;
    now.gauges.insert(now.gauges.end(), {{"user_signals", reading.of_user}, {"user_signals_max", reading.limit}});
    return now;
  }

  bool lossless() const override { return queued(settings_) || settings_.pingpong(); }

  /// What was sent and neither arrived nor can be pending any more. The counts of two processes are never read at one moment:
  /// the sender's is read first, and one signal may be pending while another is taken but not counted yet.
  std::uint64_t known_lost() const override {
    if (lossless()) return 0;
    PeerSlot& sender = page_.slots[0];
    PeerSlot& receiver = page_.slots[1];
    const bool over = sender.finished_ns.get() != 0 && receiver.finished_ns.get() != 0;
    const std::uint64_t sent = sender.messages.get();
    const std::uint64_t accounted = receiver.messages.get() + (over ? 0 : 2);
    merged_ = std::max(merged_, sent > accounted ? sent - accounted : 0);
    return merged_;
  }

  bool waits_inside_calls() const override { return settings_.blocking; }

 private:
  const Settings& settings_;
  StatsPage& page_;
  SignalIntroduction introduction_;
  OwnedFd times_;
  std::uint64_t queued_before_;
  int receiver_pid_ = 0;
  std::unique_ptr<PendingSignals> pending_;
  mutable std::uint64_t merged_ = 0;
};

/// The signals of a session wait until they are asked for; none interrupts anything.
void block_signals(const Settings& settings) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, message_signal(queued(settings)));
  sigaddset(&set, end_signal());
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

/// The receiver's own limit is the one that holds for signals to it.
int limit_pending(const Settings& settings) {
  rlimit limit{};
  if (getrlimit(RLIMIT_SIGPENDING, &limit) != 0) return errno;
  limit.rlim_cur = settings.capacity_messages;
  return setrlimit(RLIMIT_SIGPENDING, &limit) == 0 ? 0 : errno;
}

int signal_peer(PeerContext& context) {
  const Settings& settings = context.settings();
  // Nobody sends before every peer is ready, so none comes too early.
  block_signals(settings);
  if (const int error = queued(settings) ? limit_pending(settings) : 0; error != 0) {
    return context.end(context.failed("setrlimit RLIMIT_SIGPENDING", error));
  }
  const Endpoint& ends = context.slot().endpoint;
  SignalPartners partners;
  if (const int error = receive_partners(ends.receive_fd, partners); error != 0) {
    return context.end(context.failed("recvmsg", error));
  }
  SendTimes* const times = map_times(ends.send_fd, settings.producers);
  if (times == nullptr) return context.end(context.failed("mmap", errno));
  if (queued(settings)) {
    SignalChannel<true> channel(context, partners, times);
    return run_loops(context, channel);
  }
  SignalChannel<false> channel(context, partners, times);
  return run_loops(context, channel);
}

Bound most_pending() {
  // The kernel knows no limit where there is none; a queue of this length would take 80 GB of it.
  constexpr std::uint64_t kMost = 1'000'000'000;
  rlimit limit{};
  if (getrlimit(RLIMIT_SIGPENDING, &limit) != 0) return {kMost, "RLIMIT_SIGPENDING"};
  return {std::min<std::uint64_t>(limit.rlim_max, kMost), "RLIMIT_SIGPENDING"};
}

std::uint64_t usual_pending() {
  rlimit limit{};
  const std::uint64_t most = most_pending().value;
  return getrlimit(RLIMIT_SIGPENDING, &limit) == 0 ? std::min<std::uint64_t>(limit.rlim_cur, most) : most;
}

std::vector<OptionRow> options() {
  const Bound pending = most_pending();
  std::vector<OptionRow> rows = session_options(
      {.max_capacity = pending.value, .capacity_in_messages = true, .max_message_bytes = kQueuedBytes, .several = true},
      {choice_option("kind", "--kind", {"realtime", "standard"}, &Settings::kind)});
  for (OptionRow& row : rows) {
    if (row.number == &Settings::size_bytes) {
      row.min = 0;
      row.default_number = 0;
      row.zero = "by_kind";
      row.logarithmic = false;
      row.bound = bound_text({kQueuedBytes, "sizeof(union sigval)"});
    }
    if (row.number == &Settings::capacity_messages) row.bound = bound_text(pending);
  }
  return rows;
}

[[noreturn]] void refuse(ErrorCode code, const char* where, std::string value, std::string allowed, const char* message,
                         const char* remedy) {
  Failure failure{code, message, remedy};
  failure.where = where;
  failure.value = std::move(value);
  failure.allowed = std::move(allowed);
  throw failure;
}

void resolve(Settings& settings) {
  const std::uint64_t size = queued(settings) ? kQueuedBytes : kStandardBytes;
  if (settings.size_bytes != 0 && settings.size_bytes != size) {
    refuse(ErrorCode::out_of_range, "--size", std::to_string(settings.size_bytes),
           std::to_string(size) + ".." + std::to_string(size),
           "the system decides what a signal carries: a real-time one a value of 8 bytes, a standard one its number",
           "Leave --size out.");
  }
  settings.size_bytes = size;
  settings.fixed_size = true;
  if (queued(settings)) {
    if (settings.capacity_messages == 0) settings.capacity_messages = usual_pending();
    return;
  }
  if (settings.producers > 1) {
    refuse(ErrorCode::not_supported, "--kind", "standard", "realtime",
           "standard signals of several senders merge with each other, and nothing tells how many there were of each",
           "Use --kind realtime.");
  }
  if (settings.capacity_messages > 1) {
    refuse(ErrorCode::out_of_range, "--capacity", std::to_string(settings.capacity_messages), "0..1",
           "one standard signal of a number can be pending at most", "Leave --capacity out, or use --kind realtime.");
  }
  settings.capacity_messages = 1;
}

}  // namespace

MechanismRow signal_mechanism() {
  return {
      "signal",
      "notification",
      {"plain"},
      {"stream", "pingpong", "fan_in"},
      options,
      resolve,
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<SignalResource>(settings, page);
      },
      signal_peer,
  };
}

}  // namespace ipc
