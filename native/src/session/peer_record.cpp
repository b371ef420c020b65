#include "session/peer_record.hpp"

#include <algorithm>

namespace ipc {

std::string PeerRecord::exit_text() const {
  if (alive()) return "running";
  return ending_->signal != 0 ? "signal " + signal_name(ending_->signal) : "exit " + std::to_string(ending_->exit_code);
}

std::optional<std::uint64_t> PeerRecord::migrations() const {
  if (!migrations_base_ || !migrations_end_) return std::nullopt;
  return *migrations_end_ - *migrations_base_;
}

void PeerRecord::sample(std::uint64_t now) {
  if (!alive()) return;
  totals_.messages = messages();
  totals_.bytes = counting_.message_bytes != 0 ? totals_.messages * counting_.message_bytes : slot_.bytes.get();
  const bool singly = slot_.calls_counted_singly.load(std::memory_order_relaxed) != 0;
  totals_.calls = (singly ? 0 : totals_.messages * counting_.calls_a_message) + slot_.extra_calls.get();
  totals_.would_block = slot_.would_block.get();
  totals_.waits = std::max(totals_.waits, slot_.waits.get());

  const std::optional<ProcessUsage> usage = reader_.read();
  if (!usage) return;
  totals_.runnable_ns = usage->runnable_ns;
  totals_.minor_faults = usage->minor_faults;
  totals_.major_faults = usage->major_faults;
  totals_.voluntary_switches = usage->voluntary_switches;
  totals_.involuntary_switches = usage->involuntary_switches;
  cpus_.insert(usage->cpu);
  if (stopped_since_ != 0) stopped_ns_ += now - stopped_since_;
  stopped_since_ = usage->stopped ? now : 0;

  // utime and stime are coarse, run_ns is exact: the first two only divide up the third. What is new is divided by the
  // ratio so far, so that neither part ever shrinks.
  if (usage->run_ns > run_ns_) {
    const std::uint64_t grown = usage->run_ns - run_ns_;
    const std::uint64_t ticks = usage->user_ticks + usage->system_ticks;
    const double share =
        ticks == 0 ? 0.5 : static_cast<double>(usage->user_ticks) / static_cast<double>(ticks);
    const auto user = static_cast<std::uint64_t>(static_cast<double>(grown) * share);
    totals_.cpu_user_ns += user;
    totals_.cpu_sys_ns += grown - user;
    run_ns_ = usage->run_ns;
  }
  // The kernel brings run_ns up to date a few ms late for a process that is running; never let the figure shrink for it.
  const std::uint64_t wall = now - start_ns_;
  const std::uint64_t busy = usage->run_ns + usage->runnable_ns;
  totals_.blocked_ns = std::max(totals_.blocked_ns, wall > busy ? wall - busy : 0);

  if (counting_.waits_inside_calls) {
    const std::uint64_t sleeps = slot_.sleeps.get();
    const std::uint64_t slept_in_calls =
        usage->voluntary_switches > sleeps ? usage->voluntary_switches - sleeps : 0;
    totals_.waits = std::max(totals_.waits, slept_in_calls);
  }
}

IntegrityCounts PeerRecord::integrity() const {
  return {slot_.lost.get(), slot_.corrupt.get(), slot_.torn.get(), slot_.duplicated.get(), slot_.reordered.get()};
}

void PeerRecord::take_ending(std::uint64_t now) {
  sample(now);
  if (!migrations_end_) migrations_end_ = reader_.migrations();
  ending_ = reap(child_);
  child_.pidfd = -1;  // closed; its number may soon mean something else
}

}  // namespace ipc
