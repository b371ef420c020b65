/// One session from its first process to its summary.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "measure/clock.hpp"
#include "session/commands.hpp"
#include "session/dialogue.hpp"
#include "session/frame_output.hpp"
#include "session/line_input.hpp"
#include "session/peer_record.hpp"
#include "session/resource.hpp"

namespace ipc {

/// Runs `run MECHANISM …`; answers the exit code. Throws Failure for what is wrong before a session exists.
int run_session(const std::string& mechanism, const std::vector<std::string>& words);

class Supervisor {
 public:
  Supervisor(const MechanismRow& mechanism, std::vector<OptionRow> options, const Settings& settings);
  /// Kills and takes in whatever still runs.
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// Runs the session to its end; answers the exit code. Throws Failure when it could not start.
  int run();

 private:
  /// Settling: the warm-up is over and what is under way arrives, so that both ends are counted at rest.
  enum class State { warmup, settling, measure, drain };

  void start_peers();
  void await_ready();
  void take_all_endings();
  void say_hello();

  void loop();
  /// When something is to be done next, ns.
  std::uint64_t next_deadline() const;
  void wait_for_events(std::uint64_t deadline);

  void give_order(Order order);
  void change_epoch();
  /// Tells the peers that nobody will answer them any more.
  void abandon();
  bool settled(std::uint64_t now);
  void begin_measure(std::uint64_t now);
  void end_measure(std::uint64_t now, const char* reason);
  /// Whether the session ends with its last message rather than at a point in time.
  /// Of a dialogue all that was said belongs to it.
  bool counted() const { return ended_by_ == "count" || dialogue_ != nullptr; }
  Phase phase() const;
  void watch_drain(std::uint64_t now);
  void collect_endings();
  void note_ending(PeerRecord& peer);

  void obey_line(const std::string& line);
  void obey(const PauseCommand&);
  void obey(const ResumeCommand&);
  void obey(const StopCommand&);
  void obey(const SetCommand& command);
  void obey(const KillCommand& command);
  void obey(const SayCommand& command);
  /// Tells of the lines that have arrived since.
  void hear();

  void sample_peers(std::uint64_t now);
  void emit_tick(std::uint64_t now, Phase phase);
  void emit_calls();
  void emit_faults();
  void tell_fault(const PeerRecord& finder, const Fault& fault);
  /// Nobody finds what was sent after the last message that arrived, so it is told here, by the number of the first.
  void tell_lost_at_the_end(std::uint64_t now);
  void emit_rpc_call();
  void note(const std::string& code, const NoteParams& params);
  int summarise();
  std::optional<LimitShare> share_of_limit(const SummaryFrame& summary) const;
  IntegrityCounts integrity();
  /// Messages that were sent and of which no consumer can know that they are missing.
  std::uint64_t lost_at_the_end();
  /// Whether some process ended without knowing which number was due, so that nobody can tell what is missing.
  bool unfollowed();
  std::uint64_t measured_ns(std::uint64_t now) const;
  std::uint64_t elapsed(std::uint64_t now) const { return now - start_ns_; }
  bool any_alive() const;
  std::vector<Child> children() const;
  std::span<PeerRecord> producers() { return std::span(peers_).first(page_->settings.producers); }
  std::span<PeerRecord> consumers() { return std::span(peers_).subspan(page_->settings.producers); }
  /// Where latency is measured and messages are counted.
  std::span<PeerRecord> measuring_peers() { return round_trip_ ? producers() : consumers(); }
  /// Messages that have arrived so far, at whichever consumer.
  std::uint64_t arrived();
  /// Messages that will have arrived once everything sent so far has; a broadcast message arrives several times.
  std::uint64_t due_to_arrive();
  /// Who takes latencies: in a dialogue both, since both hear.
  std::span<PeerRecord> timing_peers() { return dialogue_ != nullptr ? std::span(peers_) : measuring_peers(); }
  std::uint64_t latency_sum_ns();
  bool all_reached_limit();

  const MechanismRow& mechanism_;
  std::vector<OptionRow> options_;
  PageMapping page_;
  bool round_trip_;
  bool drain_told_ = false;
  bool rpc_call_told_ = false;
  std::uint64_t start_ns_ = now_ns();
  std::unique_ptr<Resource> resource_;
  /// Null but for the pattern `dialogue`.
  std::unique_ptr<Dialogue> dialogue_;
  std::vector<PeerRecord> peers_;
  LineInput input_;
  int wake_fd_ = -1;
  int signal_fd_ = -1;
  std::unique_ptr<FrameOutput> output_;

  State state_ = State::warmup;
  std::string ended_by_;
  bool paused_ = false;
  bool failed_ = false;
  /// What was verified of every message, and of some.
  Verify least_verify_;
  Verify most_verify_;
  std::vector<Who> stuck_;
  std::uint64_t paused_at_ = 0;
  std::uint64_t paused_total_ = 0;
  std::uint64_t warmup_end_ = 0;
  std::uint64_t settle_since_ = 0;
  std::uint64_t measure_start_ = 0;
  std::uint64_t measure_end_ = 0;
  std::uint64_t stop_messages_ = 0;
  std::uint64_t progress_messages_ = 0;
  std::uint64_t progress_at_ = 0;
  std::uint64_t last_tick_ = 0;
  std::uint64_t next_tick_ = 0;
  /// One for each measuring peer.
  std::vector<HistogramReader> latency_readers_;
  MachineLimits machine_;
  /// Clock ticks that a hypervisor took from this machine's CPUs, when measuring began.
  std::uint64_t stolen_base_ = 0;
  LatencyTotals latency_;
  std::uint64_t latency_sum_base_ = 0;
  std::uint64_t latency_sum_end_ = 0;
  IntegrityCounts integrity_base_;
};

}  // namespace ipc
