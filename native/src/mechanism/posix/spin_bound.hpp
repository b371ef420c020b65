/// How long it is worth spinning before going to sleep.
#pragma once

#include <algorithm>
#include <cstdint>

namespace ipc {

/// A bound on spinning that follows what spinning would have saved.
///
/// Whoever does not know how long a wait will be, and spins for as long as a sleep costs before sleeping, never pays
/// more than twice what the best choice would have cost: the ski-rental argument. Where earlier waits foretell the next,
/// a bound that follows them does better on either side of that: long waits cost next to no spinning, short ones no
/// sleep (Karlin, Li, Manasse, Owicki: Empirical studies of competitive spinning for a shared-memory multiprocessor,
/// SOSP 1991). So the bound doubles, up to the cost of a sleep, after a wait that was shorter than that cost, and is
/// halved after a longer one.
class SpinBound {
 public:
  /// What a sleep costs: the call, the wake-up by the other side, the way back onto a CPU; ns. On virtual machines, where
  /// an idle CPU is itself asleep at its host, about 50 us; on bare metal less, so that the argument's factor is spent
  /// there on some microseconds of spinning at most.
  static constexpr std::uint64_t kSleepCostNs = 50'000;
  /// Never less, so that it costs next to nothing and still finds out when waits become shorter again; ns.
  static constexpr std::uint64_t kLeastNs = 1000;

  /// How long to spin, ns.
  std::uint64_t ns() const { return ns_; }

  /// A wait of so many ns ended awake.
  void waited(std::uint64_t waited_ns) { learn(waited_ns <= kSleepCostNs); }

  /// A wait ended asleep, so many ns after it began. The last part of them was spent waking up.
  void slept(std::uint64_t slept_ns) { learn(slept_ns <= 2 * kSleepCostNs); }

 private:
  void learn(bool spinning_pays) {
    ns_ = spinning_pays ? std::min(ns_ * 2, kSleepCostNs) : std::max(ns_ / 2, kLeastNs);
  }

  std::uint64_t ns_ = kSleepCostNs;
};

}  // namespace ipc
