/// What a session says: ticks, calls, notes and the summary.
#include <algorithm>

#include "protocol/failure.hpp"
#include "rpc/call_frame.hpp"
#include "session/supervisor.hpp"
#include "session/warnings.hpp"
#include "system/cpus.hpp"
#include "system/facts.hpp"

namespace ipc {

void Supervisor::sample_peers(std::uint64_t now) {
  for (PeerRecord& peer : peers_) {
    const bool before = peer.stopped();
    peer.sample(now);
    if (peer.stopped() != before && peer.alive()) {
      note(before ? "process_continued" : "process_stopped", params_of(peer.who()));
    }
  }
}

void Supervisor::emit_tick(std::uint64_t now, Phase phase) {
  sample_peers(now);
  TickFrame tick{elapsed(now), now - last_tick_, phase, {}, resource_->occupancy(children()), round_trip_, {}, {}};
  // How many messages of different lengths lie there, their bytes do not tell.
  if (dialogue_) tick.queue.used_messages.reset();
  last_tick_ = now;
  for (PeerRecord& peer : peers_) {
    std::string where = peer.waiting_in();
    // The kernel waits for a process to come to rest before it tells its call: not asked of one that runs.
    std::string call = where.empty() ? std::string() : peer.waiting_call();
    tick.processes.push_back({peer.who(), peer.totals(), std::move(where), std::move(call)});
  }
  for (std::size_t i = 0; i < latency_readers_.size(); ++i) {
    tick.latency = merge(tick.latency, latency_readers_[i].difference(timing_peers()[i].slot().latency));
  }
  if (phase == Phase::measure) {
    latency_.add(tick.latency);
    latency_sum_end_ = latency_sum_ns();
  }
  tick.integrity = integrity();
  output_->put(tick_frame(tick));
  emit_calls();
  emit_faults();
  emit_rpc_call();
}

void Supervisor::emit_calls() {
  for (PeerRecord& peer : peers_) {
    peer.slot().calls.take([&](const CallRecord& record) {
      const std::uint64_t at = record.start_ns > start_ns_ ? record.start_ns - start_ns_ : 0;
      output_->put(call_frame(at, peer.who(), record));
    });
  }
}

void Supervisor::emit_faults() {
  for (PeerRecord& peer : peers_) {
    peer.slot().faults.take([&](const Fault& fault) { tell_fault(peer, fault); });
  }
}

void Supervisor::tell_fault(const PeerRecord& finder, const Fault& fault) {
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  NoteParams params = params_of(finder.who());
  params.emplace_back("kind", std::string(name_of(fault.kind)));
  params.emplace_back("sequence", number(fault.sequence));
  params.emplace_back("expected", number(fault.expected));
  if (fault.kind == FaultKind::lost) params.emplace_back("missing", number(fault.missing));
  if (page_->settings.producers > 1) params.emplace_back("sender", number(fault.sender));
  output_->put(note_frame(fault.at_ns > start_ns_ ? fault.at_ns - start_ns_ : 0, "integrity_fault", params));
}

void Supervisor::tell_lost_at_the_end(std::uint64_t now) {
  // Of several senders only the sum is known, and what the system itself merged has no numbers.
  if (unfollowed() || dialogue_ || page_->settings.producers > 1 || page_->settings.shared_channel() || resource_->known_lost() != 0) {
    return;
  }
  const std::uint64_t sent = producers().front().messages();
  for (PeerRecord& peer : measuring_peers()) {
    const std::uint64_t due = peer.slot().expected.get();
    if (sent > due) tell_fault(peer, {FaultKind::lost, 0, due, due, sent - due, now});
  }
}

void Supervisor::emit_rpc_call() {
  CallSample& sample = page_->call_sample;
  if (rpc_call_told_ || sample.ready.load(std::memory_order_acquire) == 0) return;
  rpc_call_told_ = true;
  output_->put(rpc::call_frame(sample.at_ns > start_ns_ ? sample.at_ns - start_ns_ : 0, page_->settings, sample));
}

void Supervisor::note(const std::string& code, const NoteParams& params) {
  output_->put(note_frame(elapsed(now_ns()), code, params));
}

IntegrityCounts Supervisor::integrity() {
  IntegrityCounts sum;
  // Of a conversation whoever asks misses every message, on whichever way it was lost: it is not counted twice.
  const bool both_miss = round_trip_ && !resource_->lossless();
  for (PeerRecord& peer : peers_) {
    IntegrityCounts own = peer.integrity();
    if (both_miss && peer.who().role == Role::consumer) own.lost = 0;
    sum += own;
  }
  sum.lost += resource_->known_lost();
  return sum;
}

bool Supervisor::unfollowed() {
  return std::ranges::any_of(peers_, [](PeerRecord& peer) { return peer.slot().unfollowed.get() != 0; });
}

std::uint64_t Supervisor::lost_at_the_end() {
  std::uint64_t seen = 0;
  if (unfollowed()) return 0;
  if (dialogue_) {
    const std::uint64_t accounted = dialogue_->heard() + integrity().lost;
    return dialogue_->said() > accounted ? dialogue_->said() - accounted : 0;
  }
  if (round_trip_) {
    std::uint64_t asked = 0;
    for (PeerRecord& peer : producers()) {
      asked += peer.messages();
      seen += peer.slot().expected.get();
    }
    return asked > seen ? asked - seen : 0;
  }
  // Where consumers share a channel, nobody can tell a gap from a message that went to another: only the sum tells.
  const bool shared = page_->settings.shared_channel();
  for (PeerRecord& peer : consumers()) seen += shared ? peer.messages() : peer.slot().expected.get();
  const std::uint64_t sent = due_to_arrive();
  const std::uint64_t missing = sent > seen ? sent - seen : 0;
  return missing - std::min(missing, resource_->known_lost());
}

std::optional<LimitShare> Supervisor::share_of_limit(const SummaryFrame& summary) const {
  if (summary.duration_ns == 0 || summary.messages == 0 || dialogue_) return std::nullopt;
  if (round_trip_) {
    const std::uint64_t median = summary.latency.quantile_ns(0.5);
    if (!machine_.cache_line_round_trip_ns || median == 0) return std::nullopt;
    return LimitShare{"cache_line", *machine_.cache_line_round_trip_ns / static_cast<double>(median)};
  }
  const double seconds = static_cast<double>(summary.duration_ns) / 1e9;
  const LimitShare bytes{"memcpy", static_cast<double>(summary.bytes) / seconds / machine_.memcpy_bytes_per_s};
  if (mechanism_.family == "shared_memory") return bytes;
  // Both sides make a call a message, at the same time.
  const LimitShare calls{"syscall", static_cast<double>(summary.messages) / seconds * machine_.syscall_ns / 1e9};
  return bytes.share > calls.share ? bytes : calls;
}

int Supervisor::summarise() {
  if (dialogue_) hear();
  const std::uint64_t now = now_ns();
  emit_tick(now, phase());

  SummaryFrame summary{};
  summary.elapsed_ns = elapsed(now);
  summary.ended_by = ended_by_;
  summary.round_trip = round_trip_;
  std::uint64_t finished = 0;
  for (PeerRecord& peer : measuring_peers()) finished = std::max(finished, peer.slot().finished_ns.get());
  const bool to_the_last = (counted() || !page_->settings.stats) && finished > measure_start_;
  summary.duration_ns = measured_ns(to_the_last ? finished : measure_end_);
  for (PeerRecord& peer : measuring_peers()) summary.messages += peer.measured().messages;
  summary.bytes = summary.messages * page_->settings.size_bytes;
  if (dialogue_) summary.bytes = consumers().front().measured().bytes;
  summary.latency = latency_;
  summary.latency_sum_ns = latency_sum_end_ - latency_sum_base_;
  summary.integrity = integrity();
  summary.least_verify = least_verify_;
  summary.most_verify = most_verify_;
  // What was sent after the last message that arrived is lost too; told only where the consumer took all there was.
  const bool drained = ended_by_ != "peer_exit" &&
                       std::ranges::all_of(peers_, [](const PeerRecord& peer) { return peer.ended_in_order(); });
  if (drained && verify_of(page_->settings) != Verify::none) {
    summary.integrity.lost += lost_at_the_end();
    tell_lost_at_the_end(now);
  }
  // Where messages are expected to be damaged, their share is what matters, so the warm-up stays out of both figures.
  // Where none may be, a fault of the warm-up is a fault of the session.
  if (!resource_->lossless()) summary.integrity = summary.integrity - integrity_base_;
  bool killed = false;
  std::uint64_t stopped_ns = 0;
  for (PeerRecord& peer : peers_) {
    stopped_ns = std::max(stopped_ns, peer.stopped_while_measured());
    summary.processes.push_back(
        {peer.who(), peer.measured(), peer.exit_text(), {peer.cpus().begin(), peer.cpus().end()}, peer.migrations()});
    killed = killed || !peer.ended_in_order();
  }
  summary.machine = machine_;
  summary.share_of_limit = share_of_limit(summary);
  summary.warnings = find_warnings({page_->settings, summary, page_->sharing == CpuSharing::one, allowed_cpus().size(),
                                    measure_clock(1000), stuck_, stopped_ns, stolen_ticks() - stolen_base_});
  output_->put(summary_frame(summary, page_->settings, options_));
  if (failed_) return kExitSystem;
  return killed || ended_by_ == "peer_exit" || summary.integrity.total() != 0 ? kExitFailed : kExitDone;
}

}  // namespace ipc
