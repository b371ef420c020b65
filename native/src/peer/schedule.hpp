/// When a producer sends, which of its messages are sampled and logged, and when it ends.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "measure/clock.hpp"
#include "measure/pacer.hpp"
#include "measure/sampling.hpp"
#include "peer/context.hpp"

namespace ipc {

/// Cost of the clock and of one entry into the histogram, for Sampling; measured when the peer starts.
inline double sample_cost_ns(unsigned clock_readings) {
  constexpr double kRecordNs = 30;
  return measure_clock(1000).cost_ns * clock_readings + kRecordNs;
}

/// A producer's place in the session: what is due, what is sampled, when it ends.
class Schedule {
 public:
  Schedule(PeerContext& context, double sample_cost)
      : context_(context), sampling_(sample_cost), measures_(context.settings().stats) {}

  /// Called when the orders changed. Stands still while it is told to; false when the producer is to end.
  bool obey(std::uint64_t sequence);

  /// Waits until the next message is due, after `before_waiting` where that takes time. False when the orders changed
  /// before.
  template <class Before>
  bool wait(Before&& before_waiting) {
    if (!paced_) return true;
    if (pacer_.due_ns() > now_) {
      before_waiting();
      now_ = context_.wait_until(pacer_.due_ns());
      if (now_ == 0) return false;
    }
    due_ns_ = pacer_.due_ns();
    pacer_.advance();
    return true;
  }

  /// Whether this message needs more than being sent: it is the last, is sampled, or is logged.
  bool needs_attention(std::uint64_t sequence) const { return sequence >= attention_; }

  /// Whether all messages that were asked for are sent.
  bool at_limit(std::uint64_t sequence) const { return sequence >= limit_; }

  struct Marks {
    /// The time from which the latency counts, 0 when it is not taken.
    std::uint64_t sent_ns = 0;
    bool logged = false;
  };

  /// Called for a message that needs attention, just before it is made and sent.
  Marks attend(std::uint64_t sequence) {
    Marks marks;
    if (!measures_) return marks;
    marks.logged = context_.logs_every_call() || log_next_;
    if (sequence >= sampling_.next()) {
      sampled_ns_ = now_ns();
      marks.sent_ns = paced_ ? due_ns_ : sampled_ns_;
    }
    return marks;
  }

  /// Called for the same message when it is sent, and in a conversation answered: reckoning which ones come next takes some
  /// divisions, which would be a fifth of the round trip of a spinning ring.
  void attended(std::uint64_t sequence) {
    if (!measures_) return;
    log_next_ = false;
    if (sampled_ns_ != 0) {
      sampling_.taken(sequence, sampled_ns_);
      // The message after this one is logged, so that no sample is taken of a message that pays for the log.
      log_next_ = context_.log_sample_due(sampled_ns_);
      sampled_ns_ = 0;
    }
    attention_ = std::min(limit_, log_next_ || context_.logs_every_call() ? sequence + 1 : sampling_.next());
  }

 private:
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  PeerContext& context_;
  Sampling sampling_;
  bool measures_;
  Pacer pacer_;
  bool paced_ = false;
  bool log_next_ = false;
  std::uint64_t rate_ = 0;
  std::uint64_t now_ = 0;
  std::uint64_t due_ns_ = 0;
  std::uint64_t limit_ = kNever;
  std::uint64_t attention_ = 0;
  /// When the message that is being attended to was sampled; 0 when it is not.
  std::uint64_t sampled_ns_ = 0;
};

inline bool Schedule::obey(std::uint64_t sequence) {
  bool stood_still = false;
  for (;;) {
    context_.take_orders();
    const Order order = context_.order();
    if (order == Order::stop) return false;
    if (order == Order::run) break;
    stood_still = true;
    context_.slot().messages.set(sequence);
    context_.park();
    context_.sleep_until_ordered();
  }
  const std::uint64_t rate = context_.rate_per_s();
  // After standing still the schedule starts anew: nobody meant the messages of a pause to be caught up on.
  if (rate != 0 && (rate != rate_ || stood_still)) {
    now_ = now_ns();
    pacer_.start(rate, now_, context_.producers(), context_.index());
  }
  rate_ = rate;
  paced_ = rate != 0;
  if (limit_ == kNever && context_.limited()) limit_ = sequence + context_.limit();
  const auto turn_ns = static_cast<double>(kNsPerSecond * context_.producers());
  sampling_.restart(sequence, rate == 0 ? 0 : turn_ns / static_cast<double>(rate));
  attention_ = measures_ ? sequence : limit_;
  return true;
}

}  // namespace ipc
