/// From when to when a session is measured, and what has been sent and taken so far.
#include <algorithm>

#include "session/supervisor.hpp"
#include "system/facts.hpp"

namespace ipc {

namespace {

constexpr std::uint64_t kSettleWithinNs = 2 * kNsPerSecond;
/// How long both sides rest at least. Every session then begins in the same state, both asleep: some channels keep for
/// seconds the pace they fell into at the start, and a semaphore's is a tenth slower when one side was still awake.
/// Where arrival cannot be counted, this is also what the consumer is given to take what is there.
constexpr std::uint64_t kRestNs = 5 * kNsPerMs;

}  // namespace

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

}  // namespace ipc
