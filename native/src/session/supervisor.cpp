#include "session/supervisor.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>

#include "options/parse.hpp"
#include "protocol/failure.hpp"
#include "system/cpus.hpp"
#include "system/descriptor_limit.hpp"
#include "system/futex.hpp"

namespace ipc {

namespace {

/// Between two looks at whether all is at rest.
constexpr std::uint64_t kSettleStepNs = 100'000;

/// The supervisor's descriptors: its own; of each peer the pidfd and the files that UsageReader keeps open; and until the
/// peers have them, the ends of the channel, of which a peer has four at most.
constexpr std::uint64_t kDescriptors = 32;
constexpr std::uint64_t kReadersAPeer = 7;
constexpr std::uint64_t kChannelAPeer = 4;

}  // namespace

int run_session(const std::string& mechanism, const std::vector<std::string>& words) {
  const MechanismRow& row = mechanism_row(mechanism);
  std::vector<OptionRow> options = row.options();
  const Settings settings = parse_settings(row, options, words);
  // A write beyond RLIMIT_FSIZE is to fail with EFBIG, here and in the peers, who inherit this.
  signal(SIGXFSZ, SIG_IGN);
  allow_descriptors(kDescriptors + settings.processes() * (kReadersAPeer + kChannelAPeer));
  Supervisor supervisor(row, std::move(options), settings);
  return supervisor.run();
}

Supervisor::Supervisor(const MechanismRow& mechanism, std::vector<OptionRow> options, const Settings& settings)
    : mechanism_(mechanism),
      options_(std::move(options)),
      page_(settings),
      round_trip_(settings.pingpong()),
      input_(STDIN_FILENO),
      least_verify_(verify_of(settings)),
      most_verify_(least_verify_),
      latency_readers_(settings.dialogue() ? settings.processes()
                       : round_trip_         ? settings.producers
                                             : settings.consumers) {
  page_->supervisor_pid = static_cast<std::uint32_t>(getpid());
  page_->sharing = cpu_sharing(settings.placement.view(), settings.processes());
  for (unsigned i = 0; i < settings.processes(); ++i) page_->cpus[i] = placed_cpu(settings.placement.view(), i);
  page_->control.rate_per_s.store(settings.rate_per_s, std::memory_order_relaxed);
  page_->control.consumer_delay_us.store(settings.consumer_delay_us, std::memory_order_relaxed);
}

Supervisor::~Supervisor() {
  take_all_endings();
  resource_.reset();
  output_.reset();
  if (wake_fd_ >= 0) close(wake_fd_);
  if (signal_fd_ >= 0) close(signal_fd_);
}

int Supervisor::run() {
  // Signals arrive through a descriptor; blocked before any thread starts, so that none of them takes one.
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, number);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal_fd_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  wake_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

  machine_ = calibrate(page_->settings.size_bytes, page_->cpus[0], page_->cpus[page_->settings.producers]);
  resource_ = mechanism_.create(page_->settings, *page_);
  start_peers();
  await_ready();
  output_ = std::make_unique<FrameOutput>(STDOUT_FILENO, wake_fd_);
  say_hello();
  loop();
  return summarise();
}

void Supervisor::say_hello() {
  std::vector<Who> processes;
  for (const PeerRecord& peer : peers_) processes.push_back(peer.who());
  output_->put(
      hello_frame(elapsed(now_ns()), getpid(), page_->settings, options_, processes, resource_->objects()));
  for (const Denied& denied : resource_->denied()) {
    note("not_granted", {{"feature", denied.feature}, {"reason", denied.reason}});
  }
}

void Supervisor::loop() {
  const std::uint64_t now = now_ns();
  last_tick_ = start_ns_;
  next_tick_ = now + page_->settings.tick_ms * kNsPerMs;
  if (page_->settings.warmup_ms == 0) {
    begin_measure(now);
  } else {
    warmup_end_ = now + page_->settings.warmup_ms * kNsPerMs;
    give_order(Order::run);
  }
  while (any_alive()) {
    wait_for_events(next_deadline());
    const std::uint64_t at = now_ns();
    if (state_ == State::warmup && at >= warmup_end_) {
      state_ = State::settling;
      settle_since_ = at;
      give_order(Order::hold);
    }
    if (state_ == State::settling && settled(at)) begin_measure(at);
    const std::uint64_t duration = page_->settings.duration_ms * kNsPerMs;
    if (state_ == State::measure && !paused_ && duration != 0 && measured_ns(at) >= duration) {
      end_measure(at, "duration");
    }
    if (state_ == State::drain) watch_drain(at);
    if (at >= next_tick_) {
      if (!output_->congested()) emit_tick(at, phase());
      const std::uint64_t step = page_->settings.tick_ms * kNsPerMs;
      next_tick_ += step;
      if (next_tick_ <= at) next_tick_ = at + step;
    }
  }
}

std::uint64_t Supervisor::next_deadline() const {
  std::uint64_t deadline = next_tick_;
  const std::uint64_t now = now_ns();
  if (state_ == State::warmup) deadline = std::min(deadline, warmup_end_);
  if (state_ == State::settling) deadline = std::min(deadline, now + kSettleStepNs);
  if (state_ == State::measure && !paused_ && page_->settings.duration_ms != 0) {
    deadline = std::min(deadline, measure_start_ + paused_total_ + page_->settings.duration_ms * kNsPerMs);
  }
  return deadline;
}

void Supervisor::wait_for_events(std::uint64_t deadline) {
  std::vector<pollfd> entries = {{input_.fd(), POLLIN, 0}, {signal_fd_, POLLIN, 0}, {wake_fd_, POLLIN, 0}};
  for (const PeerRecord& peer : peers_) entries.push_back({peer.alive() ? peer.child().pidfd : -1, POLLIN, 0});
  const std::size_t lines = entries.size();
  for (unsigned i = 0; dialogue_ && i < peers_.size(); ++i) entries.push_back({dialogue_->fd(i), POLLIN, 0});
  const std::uint64_t now = now_ns();
  const timespec timeout = to_timespec(deadline > now ? deadline - now : 0);
  if (ppoll(entries.data(), entries.size(), &timeout, nullptr) <= 0) return;

  if (entries[0].revents != 0) {
    for (const std::string& line : input_.read_lines()) obey_line(line);
    // The engine, or whoever held the other end, is gone.
    if (input_.ended()) obey(StopCommand{});
  }
  if (entries[1].revents != 0) {
    signalfd_siginfo info;
    while (read(signal_fd_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) obey(StopCommand{});
  }
  if (entries[2].revents != 0) {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = read(wake_fd_, &count, sizeof count);
    if (output_->reader_gone()) obey(StopCommand{});
  }
  const auto happened = [](const pollfd& entry) { return entry.revents != 0; };
  const auto first_line = entries.begin() + static_cast<std::ptrdiff_t>(lines);
  if (std::any_of(first_line, entries.end(), happened)) hear();
  if (std::any_of(entries.begin() + 3, first_line, happened)) {
    collect_endings();
  }
}

void Supervisor::give_order(Order order) {
  page_->control.order.store(order, std::memory_order_relaxed);
  change_epoch();
}

void Supervisor::change_epoch() {
  // release: a peer that sees the new epoch sees the orders stored before it.
  page_->control.epoch.fetch_add(1, std::memory_order_release);
  futex_wake(page_->control.epoch, static_cast<int>(kMaxPeers));
}

void Supervisor::abandon() {
  page_->control.abandoned.store(1, std::memory_order_relaxed);
  change_epoch();
  if (dialogue_) dialogue_->close();
  resource_->abandon(children());
}

bool Supervisor::any_alive() const {
  return std::any_of(peers_.begin(), peers_.end(), [](const PeerRecord& peer) { return peer.alive(); });
}

std::vector<Child> Supervisor::children() const {
  std::vector<Child> all;
  for (const PeerRecord& peer : peers_) all.push_back(peer.child());
  return all;
}

}  // namespace ipc
