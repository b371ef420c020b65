/// A channel over the lock-free ring of several producers and consumers.
#pragma once

#include <sys/types.h>

#include <cerrno>

#include "mechanism/posix/mpmc_ring.hpp"
#include "mechanism/posix/ring_ends.hpp"
#include "mechanism/posix/ring_wait.hpp"
#include "peer/context.hpp"

namespace ipc {

/// `kSleeps`: whoever finds the ring full or empty sleeps on a futex; else it spins.
template <bool kSleeps>
class MpmcChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  MpmcChannel(PeerContext& context, const RingEnds& ends)
      : context_(context),
        blocking_(context.settings().blocking),
        spinning_({context.page().sharing}),
        ring_(ends.out != nullptr ? ends.out : ends.in) {}

  template <bool Logged>
  Outcome send(const std::byte* message, std::size_t size) {
    for (;;) {
      const auto put = traced<Logged>(context_, CallName::ring_push, -1, size,
                                      [&] { return answer(ring_.try_push(message, size), size); });
      if (put >= 0) [[likely]] {
        notify<Logged>(conditions().not_empty);
        return Outcome::done;
      }
      if (!wait_until<Logged>(conditions().not_full, [&] { return !ring_.full(); })) return Outcome::closed;
    }
  }

  template <bool Logged>
  Outcome receive(std::byte* message, std::size_t size) {
    for (;;) {
      const auto taken = traced<Logged>(context_, CallName::ring_pop, -1, size,
                                        [&] { return answer(ring_.try_pop(message, size), size); });
      if (taken >= 0) [[likely]] {
        notify<Logged>(conditions().not_full);
        return Outcome::done;
      }
      if (ring_.finished()) return Outcome::closed;
      const auto ready = [&] { return !ring_.empty() || ring_.finished(); };
      if (!wait_until<Logged>(conditions().not_empty, ready)) return Outcome::closed;
    }
  }

  /// All consumers are told, by the last of the producers.
  void finish_sending() {
    if (!context_.last_to_send()) return;
    ring_.close();
    if constexpr (kSleeps) {
      protocol_.fence();
      conditions().not_empty.broadcast();
    }
  }

 private:
  CommonConditions& conditions() { return ring_.header().conditions; }

  static ssize_t answer(bool done, std::size_t size) {
    if (done) [[likely]] return static_cast<ssize_t>(size);
    errno = EAGAIN;
    return -1;
  }

  template <bool Logged>
  void notify(Condition& condition) {
    if constexpr (kSleeps) {
      protocol_.fence();
      if (condition.awaited()) [[unlikely]] wake<Logged>(condition);
    }
  }

  template <bool Logged>
  [[gnu::noinline]] void wake(Condition& condition) {
    context_.count_extra_call();
    traced<Logged>(context_, CallName::futex_wake, -1, 0, [&] { return condition.signal(); });
  }

  /// Waits for the others; false when the session is abandoned.
  template <bool Logged, class Ready>
  [[gnu::noinline]] bool wait_until(Condition& condition, Ready&& ready) {
    context_.count_wait();
    if (!blocking_) context_.count_would_block();
    while (!ready()) {
      if (context_.abandoned()) return false;
      if constexpr (kSleeps) {
        context_.count_extra_call();
        const std::uint32_t turn = condition.begin_waiting();
        SleepProtocol::heavy_fence();
        if (!ready()) {
          traced<Logged>(context_, CallName::futex_wait, -1, 0,
                         [&] { return condition.sleep(turn, now_ns() + kWaitPatienceNs); });
        }
        condition.end_waiting();
      } else {
        traced<Logged>(context_, CallName::spin, -1, 0, [&] { return spinning_.spin(ready) ? 1 : 0; });
      }
    }
    return true;
  }

  PeerContext& context_;
  bool blocking_;
  SpinWait spinning_;
  SleepProtocol protocol_;
  MpmcRing ring_;
};

}  // namespace ipc
