/// The frames as values, and how they are written (electron/contract/frames.ts).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "measure/calibrate.hpp"
#include "catalogue/option_table.hpp"
#include "measure/histogram.hpp"
#include "measure/integrity.hpp"
#include "measure/stats_page.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"

namespace ipc {

inline constexpr int kProtocol = 1;

struct Who {
  Role role;
  unsigned index;
  int pid;
};

/// Counters of one process, totals since it started.
struct Counters {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t calls = 0;
  std::uint64_t would_block = 0;
  std::uint64_t blocked_ns = 0;
  std::uint64_t cpu_user_ns = 0;
  std::uint64_t cpu_sys_ns = 0;
  std::uint64_t runnable_ns = 0;
  std::uint64_t voluntary_switches = 0;
  std::uint64_t involuntary_switches = 0;
  std::uint64_t minor_faults = 0;
  std::uint64_t major_faults = 0;
  std::uint64_t waits = 0;
};

/// What was counted between two readings; never below nought.
Counters operator-(const Counters& later, const Counters& earlier);

enum class Phase { warmup, measure, drain };

struct ProcessTick {
  Who who;
  Counters counters;
  /// The kernel function in which it sleeps; empty while it runs, or where the system does not tell.
  std::string waiting_in;
  /// The system call in which it sleeps; empty as above.
  std::string waiting_call{};
};

struct TickFrame {
  std::uint64_t elapsed_ns;
  std::uint64_t interval_ns;
  Phase phase;
  std::vector<ProcessTick> processes;
  Occupancy queue;
  bool round_trip;
  std::vector<Bucket> latency;
  IntegrityCounts integrity;
};

struct Warning {
  std::string code;
  std::string cause;
  std::string effect;
  std::string remedy;
};

struct ProcessSummary {
  Who who;
  Counters counters;
  std::string exit;
  std::vector<unsigned> cpus;
  /// How often it moved to another CPU; empty where the system does not tell.
  std::optional<std::uint64_t> migrations;
};

/// How near the session came to what the machine can do.
struct LimitShare {
  /// cache_line, memcpy or syscall.
  const char* limit;
  /// 0..1 and a little more: the limit was measured at another moment.
  double share;
};

struct SummaryFrame {
  std::uint64_t elapsed_ns;
  std::uint64_t duration_ns;
  std::uint64_t messages;
  std::uint64_t bytes;
  bool round_trip;
  LatencyTotals latency;
  std::uint64_t latency_sum_ns;
  IntegrityCounts integrity;
  /// What was verified of every message, and of some.
  Verify least_verify;
  Verify most_verify;
  std::vector<ProcessSummary> processes;
  std::vector<Warning> warnings;
  MachineLimits machine;
  std::optional<LimitShare> share_of_limit;
  std::string ended_by;
};

using NoteParams = std::vector<std::pair<std::string, std::variant<std::int64_t, std::string>>>;

/// Role, index and pid, as the notes about a process carry them.
NoteParams params_of(const Who& who);

std::string hello_frame(std::uint64_t elapsed_ns, int pid, const Settings& settings,
                        const std::vector<OptionRow>& options, const std::vector<Who>& processes,
                        const std::vector<ObjectInfo>& objects);
/// A line of a dialogue that has arrived.
struct UtteranceFrame {
  /// When it arrived, and when it was sent, ns since the session's start.
  std::uint64_t elapsed_ns;
  std::uint64_t sent_ns;
  Who from;
  Who to;
  std::string text;
  /// Which of the speaker's lines it is, from 0.
  std::uint64_t sequence;
  /// Of the whole message.
  std::uint64_t bytes;
};

std::string utterance_frame(const UtteranceFrame& utterance);
std::string tick_frame(const TickFrame& tick);
std::string call_frame(std::uint64_t elapsed_ns, const Who& who, const CallRecord& record);
std::string note_frame(std::uint64_t elapsed_ns, const std::string& code, const NoteParams& params);
std::string error_frame(std::uint64_t elapsed_ns, bool fatal, const Failure& failure);
std::string summary_frame(const SummaryFrame& summary, const Settings& settings,
                          const std::vector<OptionRow>& options);

}  // namespace ipc
