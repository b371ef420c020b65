#include "session/supervisor.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "options/parse.hpp"
#include "protocol/failure.hpp"
#include "system/cpus.hpp"
#include "system/descriptor_limit.hpp"
#include "system/facts.hpp"
#include "system/futex.hpp"

namespace ipc {

namespace {

constexpr std::uint64_t kReadyWithinNs = 5 * kNsPerSecond;
constexpr std::uint64_t kSettleWithinNs = 2 * kNsPerSecond;
constexpr std::uint64_t kSettleStepNs = 100'000;
/// How long both sides rest at least. Every session then begins in the same state, both asleep: some channels keep for
/// seconds the pace they fell into at the start, and a semaphore's is a tenth slower when one side was still awake.
/// Where arrival cannot be counted, this is also what the consumer is given to take what is there.
constexpr std::uint64_t kRestNs = 5 * kNsPerMs;

/// The supervisor's descriptors: its own; of each peer the pidfd and the files that UsageReader keeps open; and until the
/// peers have them, the ends of the channel, of which a peer has four at most.
constexpr std::uint64_t kDescriptors = 32;
constexpr std::uint64_t kReadersAPeer = 7;
constexpr std::uint64_t kChannelAPeer = 4;

/// Why a peer did not get ready: the call that failed, or how it ended.
Failure not_started(PeerRecord& peer) {
  const int error = peer.slot().failed_errno.load(std::memory_order_acquire);
  Failure failure{ErrorCode::peer_failed,
                  std::string("the ") + name_of(peer.who().role) + " could not start: " + peer.exit_text(),
                  "See the call and its error; often a limit of the system is reached."};
  if (error != 0) {
    failure = system_failure(peer.slot().failed_call.view(), error);
    failure.code = failure.code == ErrorCode::system_refused ? ErrorCode::peer_failed : failure.code;
  }
  failure.exit_code = kExitSystem;
  return failure;
}

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

void Supervisor::start_peers() {
  const auto producers = static_cast<unsigned>(page_->settings.producers);
  if (page_->settings.dialogue()) dialogue_ = std::make_unique<Dialogue>(*page_);
  peers_.reserve(page_->settings.processes());
  for (unsigned ordinal = 0; ordinal < page_->settings.processes(); ++ordinal) {
    const Role role = ordinal < producers ? Role::producer : Role::consumer;
    const unsigned index = role == Role::producer ? ordinal : ordinal - producers;
    std::vector<int> inherited = resource_->inherited(ordinal);
    inherited.push_back(page_.fd());
    if (dialogue_) inherited.push_back(dialogue_->peer_end(ordinal));
    const std::uint64_t start = now_ns();
    const Child child = spawn_self(
        {"ipc-helper", "peer", name_of(role), std::to_string(index), std::to_string(page_.fd())}, inherited);
    const bool copies = page_->settings.broadcast() && role == Role::producer && !resource_->one_call_for_all();
    // The peers of a dialogue count bytes and calls themselves, since no two messages are alike.
    const std::uint64_t calls_a_message = dialogue_ ? 0 : round_trip_ ? 2 : copies ? page_->settings.consumers : 1;
    const PeerRecord::Counting counting{dialogue_ ? 0 : page_->settings.size_bytes, calls_a_message,
                                        resource_->waits_inside_calls(), resource_->message_counter(ordinal)};
    peers_.emplace_back(Who{role, index, child.pid}, child, page_->slots[ordinal], counting, start);
  }
  if (dialogue_) dialogue_->started();
  resource_->started();
  resource_->introduce(children());
}

void Supervisor::await_ready() {
  const std::uint64_t deadline = now_ns() + kReadyWithinNs;
  const auto is_ready = [](PeerRecord& peer) { return peer.slot().ready.load(std::memory_order_acquire) != 0; };
  // All at once: whoever ends before its time may be the one that another waits for in open(2), without an end.
  while (!std::ranges::all_of(peers_, is_ready)) {
    std::vector<pollfd> entries;
    for (const PeerRecord& peer : peers_) entries.push_back({peer.child().pidfd, POLLIN, 0});
    const timespec pause = to_timespec(kSettleStepNs);
    const bool ended = ppoll(entries.data(), entries.size(), &pause, nullptr) > 0;
    for (PeerRecord& peer : peers_) {
      if (peer.slot().failed_errno.load(std::memory_order_acquire) != 0) throw not_started(peer);
    }
    for (std::size_t i = 0; ended && i < peers_.size(); ++i) {
      if (entries[i].revents == 0) continue;
      peers_[i].take_ending(now_ns());
      throw not_started(peers_[i]);
    }
    if (now_ns() > deadline) {
      const auto late = std::ranges::find_if_not(peers_, is_ready);
      throw Failure{ErrorCode::timed_out, "the processes of the session did not get ready within 5 s",
                    "See whether this machine is overloaded, and try again.",
                    late != peers_.end() ? name_of(late->who().role) : "", "", "", "", kExitSystem};
    }
  }
  resource_->opened();
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

bool Supervisor::settled(std::uint64_t now) {
  if (now - settle_since_ >= kSettleWithinNs) return true;
  const std::uint32_t epoch = page_->control.epoch.load();
  const auto parked = [epoch](PeerRecord& peer) {
    return peer.slot().parked_epoch.load(std::memory_order_acquire) == epoch;
  };
  if (!std::ranges::all_of(producers(), parked)) return false;
  if (now - settle_since_ < kRestNs) return false;
  if (round_trip_) return true;
  const bool counted = page_->settings.stats && resource_->lossless();
  if (!counted) return resource_->occupancy(children()).used_bytes.value_or(0) == 0;
  std::uint64_t lost = 0;
  for (PeerRecord& consumer : consumers()) lost += consumer.slot().lost.get();
  return arrived() + lost >= due_to_arrive();
}

void Supervisor::begin_measure(std::uint64_t now) {
  if (page_->settings.warmup_ms != 0) emit_tick(now, Phase::warmup);
  sample_peers(now);
  for (PeerRecord& peer : peers_) peer.mark_base();
  // Without stats a consumer publishes its count only at its end; both ends are at rest, so the producer's will do.
  if (!page_->settings.stats) consumers().front().mark_base_messages(producers().front().totals().messages);
  latency_ = {};
  stolen_base_ = stolen_ticks();
  integrity_base_ = integrity();
  if (!resource_->lossless() && !round_trip_ && page_->settings.stats) {
    // What the warm-up lost last shows only with the next message that arrives; it is the warm-up's all the same.
    const std::uint64_t sent = due_to_arrive();
    integrity_base_.lost = std::max(integrity_base_.lost, sent > arrived() ? sent - arrived() : 0);
  }
  latency_sum_base_ = latency_sum_ns();
  latency_sum_end_ = latency_sum_base_;
  state_ = State::measure;
  page_->control.limit.store(page_->settings.messages, std::memory_order_relaxed);
  std::uint64_t warmup_messages = 0;
  for (PeerRecord& peer : measuring_peers()) warmup_messages += peer.base_messages();
  note("measuring", {{"warmup_messages", static_cast<std::int64_t>(warmup_messages)}});
  measure_start_ = now_ns();
  give_order(paused_ ? Order::hold : Order::run);
  if (paused_) paused_at_ = measure_start_;
}

std::uint64_t Supervisor::measured_ns(std::uint64_t now) const {
  if (measure_start_ == 0) return 0;
  const std::uint64_t until = paused_ ? std::min(now, paused_at_) : now;
  const std::uint64_t gone = until > measure_start_ ? until - measure_start_ : 0;
  return gone > paused_total_ ? gone - paused_total_ : 0;
}

void Supervisor::end_measure(std::uint64_t now, const char* reason) {
  if (state_ == State::drain) return;
  ended_by_ = reason;
  measure_end_ = now;
  // All messages of a counted session belong to it, so it is over when the last one has arrived. Any other is over now:
  // what is still under way is checked, but it is not part of the figures, for nobody delays the consumer any more.
  if (!counted()) {
    emit_tick(now, Phase::measure);
    if (page_->settings.stats) {
      for (PeerRecord& peer : peers_) peer.mark_end();
    }
  }
  state_ = State::drain;
  progress_at_ = now;
  stop_messages_ = arrived();
  progress_messages_ = stop_messages_;
  give_order(Order::stop);
  if (dialogue_) dialogue_->close();
}

Phase Supervisor::phase() const {
  if (state_ == State::warmup || state_ == State::settling) return Phase::warmup;
  return state_ == State::measure || counted() ? Phase::measure : Phase::drain;
}

std::uint64_t Supervisor::arrived() {
  std::uint64_t messages = 0;
  for (const PeerRecord& consumer : consumers()) messages += consumer.messages();
  return messages;
}

std::uint64_t Supervisor::due_to_arrive() {
  std::uint64_t messages = 0;
  for (const PeerRecord& producer : producers()) messages += producer.messages();
  return messages * (page_->settings.broadcast() ? page_->settings.consumers : 1);
}

std::uint64_t Supervisor::latency_sum_ns() {
  std::uint64_t sum = 0;
  for (PeerRecord& peer : timing_peers()) sum += peer.slot().latency.sum_ns();
  return sum;
}

bool Supervisor::all_reached_limit() {
  return std::ranges::all_of(
      producers(), [](PeerRecord& peer) { return peer.slot().reached_limit.load(std::memory_order_relaxed) != 0; });
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
