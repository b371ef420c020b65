/// How the processes of a session end: what is under way drains, the stuck are killed, and every ending is told of.
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>

#include "protocol/failure.hpp"
#include "session/supervisor.hpp"

namespace ipc {

namespace {

/// A peer that makes no progress for this long while the session ends is killed.
constexpr std::uint64_t kStuckNs = 2 * kNsPerSecond;
constexpr std::uint64_t kAccompliceNs = 50 * kNsPerMs;

/// One of several producers may be through with its share long before the others.
bool through(PeerRecord& peer) {
  return peer.ended_in_order() && peer.slot().reached_limit.load(std::memory_order_relaxed) != 0;
}

}  // namespace

void Supervisor::watch_drain(std::uint64_t now) {
  const std::uint64_t messages = arrived();
  if (messages != progress_messages_) {
    progress_messages_ = messages;
    progress_at_ = now;
  }
  if (now - progress_at_ < kStuckNs) return;
  sample_peers(now);
  // Whoever was stopped holds up the other, who then ends by itself; nobody stopped: all of them.
  const bool anybody_stopped =
      std::any_of(peers_.begin(), peers_.end(), [](const PeerRecord& peer) { return peer.stopped(); });
  for (PeerRecord& peer : peers_) {
    if (!peer.alive() || (anybody_stopped && !peer.stopped())) continue;
    stuck_.push_back(peer.who());
    send_signal(peer.child(), SIGKILL);
  }
  abandon();
  progress_at_ = now;
}

void Supervisor::collect_endings() {
  std::vector<PeerRecord*> ended;
  const auto take = [&](int patience_ms) {
    std::vector<pollfd> entries;
    for (const PeerRecord& peer : peers_) entries.push_back({peer.alive() ? peer.child().pidfd : -1, POLLIN, 0});
    if (poll(entries.data(), entries.size(), patience_ms) <= 0) return;
    for (std::size_t i = 0; i < peers_.size(); ++i) {
      if (entries[i].revents == 0) continue;
      peers_[i].take_ending(now_ns());
      ended.push_back(&peers_[i]);
    }
  };
  take(0);
  // One death soon causes the other's end, and the kernel closes a dying process's descriptors before it reports the death.
  // So whoever ended by itself without having been told to gets company, before anybody is called the cause.
  const auto in_order = [](const PeerRecord* peer) { return peer->ended_in_order(); };
  const auto is_through = [](PeerRecord* peer) { return through(*peer); };
  const std::uint64_t until = now_ns() + kAccompliceNs;
  while (state_ != State::drain && !all_reached_limit() && any_alive() && std::ranges::all_of(ended, in_order) &&
         !std::ranges::all_of(ended, is_through) && now_ns() < until) {
    take(static_cast<int>(kAccompliceNs / kNsPerMs));
  }
  if (all_reached_limit()) end_measure(now_ns(), "count");
  // Those that were killed are the cause; they are named first.
  std::stable_partition(ended.begin(), ended.end(), [&](const PeerRecord* peer) { return !in_order(peer); });
  for (PeerRecord* peer : ended) note_ending(*peer);
}

void Supervisor::note_ending(PeerRecord& peer) {
  const std::uint64_t now = now_ns();
  const bool killed_by_us = std::any_of(stuck_.begin(), stuck_.end(),
                                        [&](const Who& who) { return who.pid == peer.who().pid; });
  const NoteParams who = params_of(peer.who());

  const int broken = peer.slot().broken_errno.load();
  if (broken != 0) {
    NoteParams params = who;
    params.emplace_back("errno", errno_name(broken));
    note(broken == EOWNERDEAD ? "owner_died" : "broken_pipe", params);
  }
  const int failed = peer.slot().failed_errno.load();
  if (failed != 0 && !failed_) {
    failed_ = true;
    Failure failure = system_failure(peer.slot().failed_call.view(), failed);
    failure.code = ErrorCode::peer_failed;
    output_->put(error_frame(elapsed(now), true, failure));
    end_measure(now, "error");
    ended_by_ = "error";
  }
  if (!peer.ended_in_order() || (state_ != State::drain && !through(peer))) {
    NoteParams params = who;
    if (peer.ending().signal != 0) {
      params.emplace_back("signal", signal_name(peer.ending().signal));
    } else {
      params.emplace_back("exit", static_cast<std::int64_t>(peer.ending().exit_code));
    }
    note("process_ended", params);
    if (!killed_by_us) {
      end_measure(now, "peer_exit");
      abandon();
    }
  }
  const auto in_order = [](const PeerRecord& one) { return one.ended_in_order(); };
  if (!drain_told_ && std::ranges::all_of(consumers(), in_order) &&
      std::ranges::all_of(producers(), [](PeerRecord& one) { return one.slot().finished_ns.get() != 0; })) {
    drain_told_ = true;
    NoteParams params = who;
    params.emplace_back("messages", static_cast<std::int64_t>(arrived() - stop_messages_));
    note("drained", params);
  }
}

void Supervisor::take_all_endings() {
  for (PeerRecord& peer : peers_) {
    if (!peer.alive()) continue;
    send_signal(peer.child(), SIGKILL);
    peer.take_ending(now_ns());
  }
}

}  // namespace ipc
