/// What a peer knows and does apart from its channel: settings, orders, counters, waiting, the call log.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "measure/clock.hpp"
#include "measure/stats_page.hpp"

namespace ipc {

/// How sending or receiving one message went.
enum class Outcome {
  done,
  /// The other side is gone or has finished.
  closed,
  /// A call failed for good; the slot tells which.
  failed,
  /// A datagram came that is longer or shorter than a message, so none of the session's is in the buffer.
  cut,
  /// No answer came in time; only where messages may be lost.
  lost,
};

class PeerContext {
 public:
  PeerContext(StatsPage& page, Role role, unsigned index, unsigned ordinal)
      : page_(page), slot_(page.slots[ordinal]), role_(role), index_(index) {}

  StatsPage& page() { return page_; }
  const Settings& settings() const { return page_.settings; }
  PeerSlot& slot() { return slot_; }
  Role role() const { return role_; }
  unsigned index() const { return index_; }

  /// Tells the supervisor that the channel is set up.
  void ready() { slot_.ready.store(1, std::memory_order_release); }

  /// Whether an order or a live setting changed since `take_orders`. One relaxed load of a line that nobody writes.
  bool orders_changed() const { return page_.control.epoch.load(std::memory_order_relaxed) != epoch_; }
  /// Notes the orders of now. acquire: what was stored before the epoch is seen.
  void take_orders() { epoch_ = page_.control.epoch.load(std::memory_order_acquire); }
  Order order() const { return page_.control.order.load(std::memory_order_relaxed); }
  bool abandoned() const { return page_.control.abandoned.load(std::memory_order_relaxed) != 0; }
  /// Of all producers together.
  std::uint64_t rate_per_s() const { return page_.control.rate_per_s.load(std::memory_order_relaxed); }
  std::uint64_t producers() const { return page_.settings.producers; }
  /// Whether the producers are to end by themselves; `limit` then is this one's share of the messages.
  bool limited() const { return page_.control.limit.load(std::memory_order_relaxed) != 0; }
  std::uint64_t limit() const {
    const std::uint64_t all = page_.control.limit.load(std::memory_order_relaxed);
    return all / producers() + (index_ < all % producers() ? 1 : 0);
  }

  /// The delay after each message, ns; nought while the session drains or stands still, so that neither takes for ever.
  std::uint64_t delay_ns() const {
    if (order() != Order::run) return 0;
    return page_.control.consumer_delay_us.load(std::memory_order_relaxed) * 1000;
  }

  /// How messages are to be made and checked from now on.
  Verify verify() const { return page_.control.verify.load(std::memory_order_relaxed); }
  /// Tells the consumers how this producer makes its messages. release: before the first of them leaves.
  void tell_making(const Making& making) { slot_.making.store(making.packed(), std::memory_order_release); }

  /// Tells the supervisor that this producer stands still under the orders of now.
  void park() { slot_.parked_epoch.store(epoch_, std::memory_order_release); }
  /// Tells the supervisor that all messages that were asked for are sent.
  void reached_limit() { slot_.reached_limit.store(1, std::memory_order_relaxed); }
  /// Called by a process that sends no more: whether nobody else will send on its channel either, so that it is this one
  /// who has to tell of the end. acq_rel: what the others sent before they said so comes before that.
  bool last_to_send() {
    if (producers() == 1) return true;
    return page_.finished_producers.fetch_add(1, std::memory_order_acq_rel) + 1 == producers();
  }
  /// Notes that there is nothing more to do; the first call counts, so that tidying up is not part of the work.
  void note_finish();
  /// Notes the end of the work; answers the exit code for it.
  int end(Outcome outcome);

  /// Sleeps until the orders change.
  void sleep_until_ordered();

  /// Sleeps for about a millisecond.
  void sleep_briefly();

  /// Waits until CLOCK_MONOTONIC reaches `due_ns` and answers the time then, or 0 when the orders changed before. Sleeps
  /// through the greater part and watches the clock for the last, since waking up alone takes tens of microseconds.
  std::uint64_t wait_until(std::uint64_t due_ns);

  /// Counts a call that is not the usual one a message.
  void count_extra_call() { slot_.extra_calls.set(++extra_calls_); }
  /// From now on calls are counted one by one, because not every message takes one of its own.
  void count_calls_singly() { slot_.calls_counted_singly.store(1, std::memory_order_relaxed); }
  void count_would_block() { slot_.would_block.set(++would_block_); }
  /// The channel was found full or empty.
  void count_wait() { slot_.waits.set(++waits_); }

  /// Logs a call that took from `start_ns` to `end_ns`.
  void log(CallName name, int fd, std::uint64_t bytes, std::int64_t result, int error, std::uint64_t start_ns,
           std::uint64_t end_ns) {
    slot_.calls.push({start_ns, end_ns - start_ns, result, error, fd, bytes, name});
    if (log_left_ > 0) --log_left_;
  }
  /// Logs a call that failed; only so many between two samples, so that a storm of errors costs next to nothing.
  void log_error(CallName name, int fd, std::uint64_t bytes, std::int64_t result, int error);
  /// Calls of the first few messages are all logged.
  bool logs_every_call() const { return log_left_ > 0; }
  /// Called with the time of a latency sample: lets some more errors and, a few times a second, one whole message into the
  /// log. True when the next message is to be logged.
  bool log_sample_due(std::uint64_t now);

  /// The other side is gone, says this errno.
  Outcome broken(int error);
  /// A call failed in a way that nothing can be done about.
  Outcome failed(const char* call, int error);

 private:
  static constexpr int kFirstCalls = 100;
  static constexpr int kErrorsASample = 4;
  static constexpr std::uint64_t kLogPeriodNs = 250'000'000;

  StatsPage& page_;
  PeerSlot& slot_;
  Role role_;
  unsigned index_;
  std::uint32_t epoch_ = ~std::uint32_t{0};
  std::uint64_t extra_calls_ = 0;
  std::uint64_t would_block_ = 0;
  std::uint64_t waits_ = 0;
  std::uint64_t sleeps_ = 0;
  int log_left_ = kFirstCalls;
  int errors_left_ = kFirstCalls;
  std::uint64_t next_log_ns_ = 0;
};

/// Runs `call`, and logs it with its duration when `Logged`. `call` answers as system calls do: -1 and errno.
template <bool Logged, class Call>
auto traced(PeerContext& context, CallName name, int fd, std::uint64_t bytes, Call&& call) {
  if constexpr (!Logged) {
    return call();
  } else {
    const std::uint64_t start = now_ns();
    const auto result = call();
    const int error = result < 0 ? errno : 0;
    context.log(name, fd, bytes, result, error, start, now_ns());
    errno = error;
    return result;
  }
}

/// Runs a peer: `peer ROLE INDEX FD`. Answers the exit code.
int run_peer(Role role, unsigned index, int page_fd);

}  // namespace ipc
