/// What the supervisor knows of one peer.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "measure/stats_page.hpp"
#include "protocol/frames.hpp"
#include "system/process.hpp"
#include "system/process_usage.hpp"

namespace ipc {

class PeerRecord {
 public:
  struct Counting {
    /// 0: messages differ, and the slot counts their bytes.
    std::uint64_t message_bytes;
    /// Usual calls a message.
    std::uint64_t calls_a_message;
    bool waits_inside_calls;
    /// Counts the messages in place of the slot; may be null.
    const std::atomic<std::uint64_t>* messages;
  };

  PeerRecord(const Who& who, const Child& child, PeerSlot& slot, const Counting& counting, std::uint64_t start_ns)
      : who_(who), child_(child), slot_(slot), counting_(counting), start_ns_(start_ns), reader_(child.pid) {}

  const Who& who() const { return who_; }
  const Child& child() const { return child_; }
  PeerSlot& slot() { return slot_; }
  /// Messages so far, as of this moment.
  std::uint64_t messages() const {
    return counting_.messages != nullptr ? counting_.messages->load(std::memory_order_relaxed) : slot_.messages.get();
  }
  bool alive() const { return !ending_.has_value(); }
  const Ending& ending() const { return *ending_; }
  /// `exit 0`, `signal SIGKILL`.
  std::string exit_text() const;
  bool ended_in_order() const { return !alive() && ending_->signal == 0 && ending_->exit_code == 0; }

  /// Reads everything anew; a dead peer keeps its last figures.
  void sample(std::uint64_t now);
  const Counters& totals() const { return totals_; }
  const std::set<unsigned>& cpus() const { return cpus_; }
  /// How often it moved to another CPU while it was measured.
  std::optional<std::uint64_t> migrations() const;
  IntegrityCounts integrity() const;
  /// The kernel function in which it sleeps at this moment.
  std::string waiting_in() { return alive() ? reader_.waiting_in() : std::string(); }
  /// The system call in which it sleeps at this moment.
  std::string waiting_call() { return alive() ? reader_.waiting_call() : std::string(); }
  /// Whether something held the process still at the last sample (SIGSTOP).
  bool stopped() const { return alive() && stopped_since_ != 0; }
  /// For how long it was held still while it was measured, ns, as far as the samples show it.
  std::uint64_t stopped_while_measured() const { return end_stopped_ns_.value_or(stopped_ns_) - base_stopped_ns_; }

  /// From now on `measured` counts.
  void mark_base() {
    base_ = totals_;
    base_stopped_ns_ = stopped_ns_;
    migrations_base_ = reader_.migrations();
  }
  void mark_base_messages(std::uint64_t messages) { base_.messages = messages; }
  /// What is counted after this is not measured any more.
  void mark_end() {
    end_ = totals_;
    end_stopped_ns_ = stopped_ns_;
    migrations_end_ = reader_.migrations();
  }
  Counters measured() const { return end_.value_or(totals_) - base_; }
  std::uint64_t base_messages() const { return base_.messages; }

  /// Takes the ending of a peer whose pidfd is readable, after a last sample.
  void take_ending(std::uint64_t now);

 private:
  Who who_;
  Child child_;
  PeerSlot& slot_;
  Counting counting_;
  std::uint64_t start_ns_;
  UsageReader reader_;
  Counters totals_;
  Counters base_;
  std::optional<Counters> end_;
  std::optional<std::uint64_t> migrations_base_;
  std::optional<std::uint64_t> migrations_end_;
  std::uint64_t run_ns_ = 0;
  /// 0: it is not.
  std::uint64_t stopped_since_ = 0;
  std::uint64_t stopped_ns_ = 0;
  std::uint64_t base_stopped_ns_ = 0;
  std::optional<std::uint64_t> end_stopped_ns_;
  std::set<unsigned> cpus_;
  std::optional<Ending> ending_;
};

}  // namespace ipc
