/// Which messages have their latency taken: as many as the overhead budget allows.
#pragma once

#include <algorithm>
#include <cstdint>

namespace ipc {

/// Spaces the samples so that their cost stays below a thousandth of the time a message takes; slow messages are all
/// sampled. The spacing is random within bounds, so that it cannot fall into step with a period of the channel, and
/// follows the speed slowly: if it shrank with every stall, stalls would be sampled more often than they occur.
class Sampling {
 public:
  /// `cost_ns`: of one sample on the path of one process.
  explicit Sampling(double cost_ns) : cost_ns_(cost_ns) {}

  /// The next message to sample.
  std::uint64_t next() const { return next_; }

  /// Starts anew, because the speed may have changed: the next message is sampled. `nominal_ns`: the time a message takes
  /// under a rate, which then is what the spacing is made for; 0: as long as it happens to take.
  void restart(std::uint64_t message, double nominal_ns) {
    next_ = message;
    last_ns_ = 0;
    nominal_ = nominal_ns > 0;
    period_ns_ = nominal_ns;
  }

  /// Message number `message` is being sampled at `now`; chooses the next one.
  void taken(std::uint64_t message, std::uint64_t now) {
    if (!nominal_) follow(message, now);
    std::uint64_t spacing = 1;
    if (period_ns_ > 0) {
      spacing = static_cast<std::uint64_t>(std::min(cost_ns_ / (kBudget * period_ns_), kMaxSpacing)) + 1;
    }
    next_ = message + (spacing <= 2 ? spacing : spacing / 2 + random() % spacing);
  }

 private:
  static constexpr double kBudget = 0.001;
  static constexpr double kMaxSpacing = 4095;

  void follow(std::uint64_t message, std::uint64_t now) {
    if (last_ns_ != 0 && now > last_ns_) {
      const double period = static_cast<double>(now - last_ns_) / static_cast<double>(message - last_message_);
      if (period_ns_ <= 0) {
        period_ns_ = period;
      } else {
        period_ns_ += (std::min(period, 2 * period_ns_) - period_ns_) / 16;
      }
    }
    last_ns_ = now;
    last_message_ = message;
  }

  // xorshift64 (Marsaglia 2003): good enough to break step, and a few cycles.
  std::uint64_t random() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

  double cost_ns_;
  bool nominal_ = false;
  double period_ns_ = 0;
  std::uint64_t next_ = 0;
  std::uint64_t last_ns_ = 0;
  std::uint64_t last_message_ = 0;
  std::uint64_t state_ = 0x2545F4914F6CDD1DULL;
};

}  // namespace ipc
