/// What may have spoiled a measurement, said with its cause and remedy.
#pragma once

#include <vector>

#include "measure/clock.hpp"
#include "protocol/frames.hpp"

namespace ipc {

struct WarningFacts {
  const Settings& settings;
  const SummaryFrame& summary;
  /// All processes of the session share one CPU.
  bool one_cpu;
  std::size_t allowed_cpus;
  ClockFacts clock;
  /// Peers that had to be killed because they did not end.
  std::vector<Who> stuck;
  /// The longest time that something held one of the processes still while it was measured, ns.
  std::uint64_t stopped_ns;
  /// Clock ticks that a hypervisor took from this machine's CPUs while the session was measured.
  std::uint64_t stolen_ticks;
};

std::vector<Warning> find_warnings(const WarningFacts& facts);

}  // namespace ipc
