/// Two processes that start together, are timed together, and end together.
#pragma once

#include <time.h>

#include <atomic>
#include <cstdint>
#include <functional>

#include "options.hpp"

namespace bare {

inline std::uint64_t now_ns() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

enum class Role { producer, consumer };

/// What the two processes tell the parent. Nobody reads it while they work.
struct Report {
  static constexpr std::uint64_t kMaxSamples = 1 << 18;

  /// When the consumer of a stream, or the producer of a conversation, had its last message; ns.
  std::uint64_t end_ns = 0;
  /// Messages that arrived, or round trips.
  std::uint64_t messages = 0;
  /// Messages whose number was not the expected one.
  std::uint64_t faults = 0;
  /// Of channels without an end of their own: phases that the consumer has finished.
  std::atomic<std::uint32_t> phases_over{0};
  std::uint64_t samples_taken = 0;
  /// Round trips, ns: the newest kMaxSamples of them.
  std::uint32_t samples[kMaxSamples] = {};

  void sample(std::uint64_t ns) { samples[samples_taken++ % kMaxSamples] = static_cast<std::uint32_t>(ns); }
};

/// Messages `first` up to but not including `end`. Phase 0 is the warm-up.
struct Phase {
  unsigned index;
  std::uint64_t first;
  std::uint64_t end;
};

class Session {
 public:
  explicit Session(const Options& options);

  const Options& options() const { return options_; }
  Report& report() { return *report_; }

  /// In a child: for each phase, waits until both children are there and the parent says go.
  template <class Work>
  void phases(Work&& work) {
    std::uint64_t first = 0;
    for (unsigned index = 0; index < 2; ++index) {
      const std::uint64_t end = first + (index == 0 ? options_.warmup_messages : options_.messages);
      await_go();
      work(Phase{index, first, end});
      first = end;
    }
  }

  /// Forks a process that does `work`, pinned as the placement says.
  void start(Role role, const std::function<void()>& work);

  /// In the parent: leads both through their phases and prints one line of JSON. Exit code 3 where one of them failed or
  /// nothing moves for a minute.
  void lead();

 private:
  void await_go();
  void await_ready();
  void give_go();
  void kill_all();
  void print(std::uint64_t begin_ns);

  Options options_;
  Report* report_;
  int ready_[2];
  /// One for each role, so that a child that is early for the next phase does not take the other one's word.
  int go_[2][2];
  int own_go_ = -1;
  int pids_[2] = {-1, -1};
};

/// Pins this process or thread as the helper pins its first or second one.
void pin(const std::string& placement, unsigned ordinal);

}  // namespace bare
