/// How the processes of a session begin: each with its ends of the channel, and none before all are ready.
#include <poll.h>

#include <algorithm>

#include "protocol/failure.hpp"
#include "session/supervisor.hpp"

namespace ipc {

namespace {

constexpr std::uint64_t kReadyWithinNs = 5 * kNsPerSecond;
/// Between two looks at whether all are ready.
constexpr std::uint64_t kReadyStepNs = 100'000;

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
    const timespec pause = to_timespec(kReadyStepNs);
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

}  // namespace ipc
