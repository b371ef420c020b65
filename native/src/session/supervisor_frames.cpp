/// What a session says: ticks, calls, notes and the summary.
#include <algorithm>

#include "protocol/failure.hpp"
#include "session/supervisor.hpp"
#include "session/warnings.hpp"
#include "system/cpus.hpp"
#include "system/facts.hpp"

namespace ipc {

void Supervisor::sample_peers(std::uint64_t now) {
  for (PeerRecord& peer : peers_) peer.sample(now);
}

void Supervisor::emit_tick(std::uint64_t now, Phase phase) {
  sample_peers(now);
  TickFrame tick{elapsed(now), now - last_tick_, phase, {}, resource_->occupancy(children()), round_trip_, {}, {}};
  // How many messages of different lengths lie there, their bytes do not tell.
  if (dialogue_) tick.queue.used_messages.reset();
  last_tick_ = now;
  for (PeerRecord& peer : peers_) tick.processes.push_back({peer.who(), peer.totals(), peer.waiting_in()});
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
}

void Supervisor::emit_calls() {
  for (PeerRecord& peer : peers_) {
    peer.slot().calls.take([&](const CallRecord& record) {
      const std::uint64_t at = record.start_ns > start_ns_ ? record.start_ns - start_ns_ : 0;
      output_->put(call_frame(at, peer.who(), record));
    });
  }
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

std::uint64_t Supervisor::lost_at_the_end() {
  std::uint64_t seen = 0;
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
  // Where messages are expected to be damaged, their share is what matters, so the warm-up stays out of both figures.
  // Where none may be, a fault of the warm-up is a fault of the session.
  if (!resource_->lossless()) summary.integrity = summary.integrity - integrity_base_;
  // What was sent after the last message that arrived is lost too; told only where the consumer took all there was.
  const bool drained = ended_by_ != "peer_exit" &&
                       std::ranges::all_of(peers_, [](const PeerRecord& peer) { return peer.ended_in_order(); });
  if (drained && verify_of(page_->settings) != Verify::none) {
    summary.integrity.lost += lost_at_the_end();
  }
  bool killed = false;
  for (PeerRecord& peer : peers_) {
    summary.processes.push_back(
        {peer.who(), peer.measured(), peer.exit_text(), {peer.cpus().begin(), peer.cpus().end()}, peer.migrations()});
    killed = killed || !peer.ended_in_order();
  }
  summary.machine = machine_;
  summary.share_of_limit = share_of_limit(summary);
  summary.warnings = find_warnings({page_->settings, summary, page_->sharing == CpuSharing::one, allowed_cpus().size(),
                                    measure_clock(1000), stuck_, stolen_ticks() - stolen_base_});
  output_->put(summary_frame(summary, page_->settings, options_));
  if (failed_) return kExitSystem;
  return killed || ended_by_ == "peer_exit" || summary.integrity.total() != 0 ? kExitFailed : kExitDone;
}

}  // namespace ipc
