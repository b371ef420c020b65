/// The schedule of a session under a rate: when each message should be sent.
#pragma once

#include <cstdint>

#include "measure/clock.hpp"

namespace ipc {

/// An absolute schedule: it does not slip when a message is late, so that waiting in front of the channel shows up in the
/// latency instead of vanishing from it (coordinated omission). Exact over any length: the remainder of the division
/// is carried along.
class Pacer {
 public:
  /// Starts anew: the first message is due at `start_ns`. `rate_per_s` is at least 1.
  void start(std::uint64_t rate_per_s, std::uint64_t start_ns) {
    rate_ = rate_per_s;
    step_ns_ = kNsPerSecond / rate_per_s;
    remainder_ = kNsPerSecond % rate_per_s;
    carried_ = 0;
    due_ns_ = start_ns;
  }

  /// When the next message is due.
  std::uint64_t due_ns() const { return due_ns_; }

  /// Moves on to the message after it.
  void advance() {
    due_ns_ += step_ns_;
    carried_ += remainder_;
    if (carried_ >= rate_) {
      carried_ -= rate_;
      ++due_ns_;
    }
  }

 private:
  std::uint64_t rate_ = 1;
  std::uint64_t step_ns_ = 0;
  std::uint64_t remainder_ = 0;
  std::uint64_t carried_ = 0;
  std::uint64_t due_ns_ = 0;
};

}  // namespace ipc
