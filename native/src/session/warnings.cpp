#include "session/warnings.hpp"

#include <algorithm>

#include "system/facts.hpp"

namespace ipc {

namespace {

constexpr std::uint64_t kFewSamples = 1000;
constexpr double kShortestNs = 20e6;

std::string number(std::uint64_t value) { return std::to_string(value); }

std::string percent(double share) { return number(static_cast<std::uint64_t>(share * 100 + 0.5)) + " %"; }

double seconds(const SummaryFrame& summary) { return static_cast<double>(summary.duration_ns) / 1e9; }

void about_samples(const WarningFacts& facts, std::vector<Warning>& found) {
  const Settings& settings = facts.settings;
  if (settings.size_bytes < 24 && !settings.fixed_size) {
    const bool timed = settings.size_bytes >= 16 || settings.pingpong();
    found.push_back({"header_truncated",
                     "A message of " + number(settings.size_bytes) + " bytes has no room for the 24-byte header.",
                     std::string(settings.size_bytes >= 8 ? "The sequence number is whole"
                                                          : "Only the low bytes of the sequence number travel") +
                         (timed ? "." : ", and no latency is measured."),
                     "Use messages of 24 bytes or more."});
  }
  const std::uint64_t samples = facts.summary.latency.samples();
  // Of a dialogue every line is timed, and nobody speaks of its percentiles.
  const bool measurable = settings.stats && !settings.dialogue() &&
                          (settings.size_bytes >= 16 || settings.pingpong() || samples > 0);
  if (measurable && samples < kFewSamples) {
    found.push_back({"too_few_samples", "Only " + number(samples) + " latencies were taken.",
                     "The 99th percentile rests on " + number(samples / 100) + " of them, the 99.9th on " +
                         number(samples / 1000) + ".",
                     "Let the session run longer, or raise the rate."});
  }
}

void about_standstill(const WarningFacts& facts, std::vector<Warning>& found) {
  if (facts.stopped_ns == 0) return;
  const double share = static_cast<double>(facts.stopped_ns) / std::max(1.0, static_cast<double>(facts.summary.duration_ns));
  found.push_back({"process_stopped",
                   "Something held a process still for " + number(facts.stopped_ns / 1'000'000) + " ms (SIGSTOP), " +
                       percent(std::min(1.0, share)) + " of the measured time.",
                   "Rates are that much too low, and the greatest latencies are as long as it stood still.",
                   "Measure again without it, unless that is what you want to see."});
}

void about_merging(const WarningFacts& facts, std::vector<Warning>& found) {
  const std::uint64_t merged = facts.summary.integrity.lost;
  if (!facts.settings.fixed_size || facts.settings.kind.view() != "standard" || merged == 0) return;
  found.push_back({"signals_merged",
                   number(merged) + " signals were merged into one that was pending already.",
                   "A standard signal is a bit, set or not: whoever counts by them counts too few.",
                   "Queue them (kind realtime), or send the next one only after an answer."});
}

void about_cpus(const WarningFacts& facts, std::vector<Warning>& found) {
  const Settings& settings = facts.settings;
  const double duration = static_cast<double>(facts.summary.duration_ns);
  // In less than a few ticks of the scheduler, shares say nothing.
  if (duration < kShortestNs) return;
  std::uint64_t involuntary = 0;
  double worst = 0;
  for (const ProcessSummary& process : facts.summary.processes) {
    involuntary += process.counters.involuntary_switches;
    worst = std::max(worst, static_cast<double>(process.counters.runnable_ns) / duration);
  }
  // The kernel brings the times up to date at its own ticks, so that a short session may be told of more than it had.
  worst = std::min(worst, 1.0);
  if (worst > 0.05 && !facts.one_cpu) {
    found.push_back({"crowded_cpus",
                     "A process was ready but waited for a CPU during " + percent(worst) + " of the time; " +
                         number(facts.allowed_cpus) + " CPUs are allowed.",
                     "Throughput and latency also measure whatever else ran on this machine.",
                     "End other programs, or give each process a CPU of its own (placement apart)."});
  }
  const double per_second = static_cast<double>(involuntary) / seconds(facts.summary);
  if (per_second > 100 && !facts.one_cpu) {
    found.push_back({"involuntary_switches",
                     number(static_cast<std::uint64_t>(per_second)) + " times a second a process was taken off its CPU.",
                     "The tail of the latency shows the scheduler rather than the channel.",
                     "End other programs, or give each process a CPU of its own (placement apart)."});
  }
  if (facts.one_cpu && settings.sync.view() == "spin") {
    found.push_back({"spin_on_one_cpu", "Both processes share one CPU, and the one that waits spins.",
                     "Whoever spins keeps the CPU from the one it waits for.",
                     "Let it sleep (sync futex), or give each process a CPU of its own (placement apart)."});
  }
}

/// Whether both processes of a conversation sleep for most of its answers, on different CPUs.
bool sleeps_apart(const WarningFacts& facts) {
  if (!facts.summary.round_trip || facts.one_cpu || facts.summary.messages == 0) return false;
  const double asleep = 0.5 * static_cast<double>(facts.summary.messages);
  return std::ranges::all_of(facts.summary.processes, [&](const ProcessSummary& process) {
    return static_cast<double>(process.counters.voluntary_switches) > asleep;
  });
}

void about_waking(const WarningFacts& facts, std::vector<Warning>& found) {
  const MachineLimits& machine = facts.summary.machine;
  if (!machine.wake_other_cpu_ns || !machine.wake_same_cpu_ns || !sleeps_apart(facts)) return;
  const double median = static_cast<double>(facts.summary.latency.quantile_ns(0.5));
  // A round trip waits for two wake-ups.
  const double extra = 2 * (*machine.wake_other_cpu_ns - *machine.wake_same_cpu_ns);
  if (median <= 0 || extra < median / 2) return;
  const auto in_us = [](double ns) { return number(static_cast<std::uint64_t>(ns / 1000 + 0.5)); };
  const std::string saving = power_saving();
  found.push_back({"wake_up_cost",
                   "Waking a process on another CPU, which saves power while it has nothing to do, takes " +
                       in_us(*machine.wake_other_cpu_ns) + " us here; on the same CPU " +
                       in_us(*machine.wake_same_cpu_ns) + " us" + (saving.empty() ? "." : " (" + saving + ")."),
                   "About " + percent(std::min(1.0, extra / median)) +
                       " of the median round trip may be that, and not the channel.",
                   "Compare with both on one CPU (placement same), wait awake (sync spin), or have the CPUs stay awake "
                   "(cpupower idle-set -D 0, governor performance; in a virtual machine that is up to its host)."});
}

void about_the_machine(const WarningFacts& facts, std::vector<Warning>& found) {
  const double cpu_seconds = seconds(facts.summary) * static_cast<double>(facts.allowed_cpus);
  const double stolen = static_cast<double>(facts.stolen_ticks) / static_cast<double>(ticks_per_second());
  if (cpu_seconds > 0 && stolen / cpu_seconds > 0.01) {
    found.push_back({"stolen_time",
                     "The hypervisor gave " + percent(std::min(1.0, stolen / cpu_seconds)) +
                         " of this machine's CPU time to others while it was measured.",
                     "Rates may be that much too low, and the tail of the latency shows the host.",
                     "Measure when the host is quieter, or on a machine of its own."});
  }
  if (facts.clock.resolution_ns > 1000) {
    found.push_back({"coarse_clock",
                     "The clock moves in steps of " + number(static_cast<std::uint64_t>(facts.clock.resolution_ns)) +
                         " ns.",
                     "Latencies below that cannot be told apart.", "Use a machine with a finer clock source."});
  }
}

void about_the_buffer(const WarningFacts& facts, std::vector<Warning>& found) {
  const Settings& settings = facts.settings;
  if (settings.capacity_bytes == 0 || settings.size_bytes <= settings.capacity_bytes) return;
  found.push_back({"buffer_below_message",
                   "A message of " + number(settings.size_bytes) + " bytes is greater than the buffer of " +
                       number(settings.capacity_bytes) + ".",
                   "Every message takes several calls on each side, and both wait for each other within it.",
                   "Choose a larger capacity or a smaller message, unless that is what you want to see."});
}

void about_rate(const WarningFacts& facts, std::vector<Warning>& found) {
  const std::uint64_t wanted = facts.settings.rate_per_s;
  if (wanted == 0 || facts.summary.duration_ns == 0) return;
  const double reached = static_cast<double>(facts.summary.messages) / seconds(facts.summary);
  const double expected = static_cast<double>(wanted);
  // Short sessions end between two messages; that is no shortfall.
  if (reached * 1.02 + 1 / seconds(facts.summary) >= expected) return;
  found.push_back({"rate_not_reached",
                   "The channel carried " + number(static_cast<std::uint64_t>(reached)) + " of " + number(wanted) +
                       " messages a second.",
                   "Messages waited to be sent, and the latency counts that wait.",
                   "Lower the rate to see the channel without a backlog."});
}

}  // namespace

std::vector<Warning> find_warnings(const WarningFacts& facts) {
  std::vector<Warning> found;
  for (const Who& who : facts.stuck) {
    found.push_back({"peer_stuck",
                     std::string("The ") + name_of(who.role) + " (pid " + std::to_string(who.pid) +
                         ") did not end when it was told to, and was killed.",
                     "Messages on their way were given up.",
                     "See whether something stopped it (SIGSTOP, a debugger)."});
  }
  about_standstill(facts, found);
  about_samples(facts, found);
  about_merging(facts, found);
  about_cpus(facts, found);
  about_waking(facts, found);
  about_rate(facts, found);
  about_the_buffer(facts, found);
  about_the_machine(facts, found);
  return found;
}

}  // namespace ipc
