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
  /// Starts anew: this is sender number `index` of `senders`, who take turns and together send `rate_per_s` messages, at
  /// least 1, from `start_ns` on.
  void start(std::uint64_t rate_per_s, std::uint64_t start_ns, std::uint64_t senders = 1, std::uint64_t index = 0) {
    rate_ = rate_per_s;
    step_ns_ = senders * kNsPerSecond / rate_per_s;
    remainder_ = senders * kNsPerSecond % rate_per_s;
    carried_ = index * kNsPerSecond % rate_per_s;
    due_ns_ = start_ns + index * kNsPerSecond / rate_per_s;
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
