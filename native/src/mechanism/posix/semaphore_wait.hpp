/// Taking and giving the tokens of a semaphore (sem_overview(7)) that processes share.
#pragma once

#include <semaphore.h>
#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

#include "peer/context.hpp"

namespace ipc {

class SemaphoreWait {
 public:
  explicit SemaphoreWait(PeerContext& context) : context_(context), blocking_(context.settings().blocking) {}

  /// Waits for a token; false when the session is abandoned and there is none. `Counts`: a wait for it means that the
  /// channel was full or empty.
  template <bool Logged, bool Counts = true>
  bool take(sem_t& semaphore) {
    const int taken =
        traced<Logged>(context_, CallName::sem_trywait, -1, 0, [&] { return sem_trywait(&semaphore); });
    if (taken == 0) [[likely]] return true;
    return take_slowly<Logged, Counts>(semaphore);
  }

  template <bool Logged>
  void give(sem_t& semaphore) {
    traced<Logged>(context_, CallName::sem_post, -1, 0, [&] { return sem_post(&semaphore); });
  }

 private:
  /// ThreadSanitizer knows the other functions of semaphores, and not sem_clockwait (glibc 2.30).
  static void tell_sanitizer([[maybe_unused]] sem_t& semaphore) {
#if defined(__SANITIZE_THREAD__)
    __tsan_acquire(&semaphore);
#endif
  }

  static constexpr std::uint64_t kPatienceNs = 20 * kNsPerMs;

  template <bool Logged, bool Counts>
  [[gnu::noinline]] bool take_slowly(sem_t& semaphore) {
    if constexpr (Counts) {
      context_.count_wait();
      if (!blocking_) context_.count_would_block();
    }
    for (;;) {
      context_.count_extra_call();
      const int taken = traced<Logged>(context_, CallName::sem_wait, -1, 0, [&] {
        const timespec deadline = to_timespec(now_ns() + kPatienceNs);
        return sem_clockwait(&semaphore, CLOCK_MONOTONIC, &deadline);
      });
      if (taken == 0) {
        tell_sanitizer(semaphore);
        return true;
      }
      // The timeout is there to notice a dead peer, who posts no more.
      if (context_.abandoned()) return sem_trywait(&semaphore) == 0;
    }
  }

  PeerContext& context_;
  bool blocking_;
};

}  // namespace ipc
