/// The mutex of a monitor, which outlives whoever dies inside.
#pragma once

#include <pthread.h>
#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

#include <cerrno>

#include "peer/context.hpp"

namespace ipc {

/// A peer's way in and out. The mutex is robust (pthread_mutexattr_setrobust(3)): when a process dies inside, the next one
/// gets in with EOWNERDEAD, declares what it guards consistent, and the supervisor tells of it.
class RobustLock {
 public:
  explicit RobustLock(PeerContext& context) : context_(context) {}

  /// These functions answer an error number; the log knows -1 and errno, which is left alone where nothing went wrong: to find
  /// it takes a call, and each message has three of these functions a side.
  static int answer(int error) {
    if (error == 0) [[likely]] return 0;
    errno = error;
    return -1;
  }

  /// False when the mutex cannot be had, which the peer then has failed with.
  template <bool Logged>
  [[gnu::always_inline]] bool enter(pthread_mutex_t& mutex) {
    const int locked = traced<Logged>(context_, CallName::pthread_mutex_lock, -1, 0,
                                      [&] { return answer(pthread_mutex_lock(&mutex)); });
    return locked == 0 || inherited(mutex, "pthread_mutex_lock");
  }

  /// The same where several may wait for the mutex: never for longer than a moment without trying again.
  ///
  /// An unlock wakes one of those who wait. When that one is killed before it takes the mutex, and somebody else gets it
  /// meanwhile, who does not know that others wait, nobody wakes those; the robust list does not help, since the dead one
  /// held nothing.
  template <bool Logged>
  bool enter_among_several(pthread_mutex_t& mutex) {
    const int locked = traced<Logged>(context_, CallName::pthread_mutex_trylock, -1, 0,
                                      [&] { return answer(pthread_mutex_trylock(&mutex)); });
    return locked == 0 || enter_slowly<Logged>(mutex);
  }

  template <bool Logged>
  Outcome leave(pthread_mutex_t& mutex, Outcome outcome) {
    traced<Logged>(context_, CallName::pthread_mutex_unlock, -1, 0,
                   [&] { return answer(pthread_mutex_unlock(&mutex)); });
    return outcome;
  }

  /// After `call` gave errno: true when the mutex is ours all the same, from somebody who died with it.
  [[gnu::noinline]] bool inherited(pthread_mutex_t& mutex, const char* call) {
    const int error = errno;
    if (error != EOWNERDEAD) {
      context_.failed(call, error);
      return false;
    }
    pthread_mutex_consistent(&mutex);
    context_.broken(EOWNERDEAD);
    owner_died_ = true;
    return true;
  }

  /// Whether this peer once got the mutex from a process that had died with it.
  bool owner_died() const { return owner_died_; }

 private:
  static constexpr std::uint64_t kPatienceNs = 20 * kNsPerMs;

  /// ThreadSanitizer knows the other functions of mutexes, and not pthread_mutex_clocklock (glibc 2.30).
  static void tell_sanitizer([[maybe_unused]] pthread_mutex_t& mutex) {
#if defined(__SANITIZE_THREAD__)
    __tsan_mutex_pre_lock(&mutex, __tsan_mutex_try_lock);
    __tsan_mutex_post_lock(&mutex, __tsan_mutex_try_lock, 0);
#endif
  }

  /// After pthread_mutex_trylock gave errno.
  template <bool Logged>
  [[gnu::noinline]] bool enter_slowly(pthread_mutex_t& mutex) {
    while (errno == EBUSY || errno == ETIMEDOUT) {
      context_.count_extra_call();
      const int locked = traced<Logged>(context_, CallName::pthread_mutex_clocklock, -1, 0, [&] {
        const timespec deadline = to_timespec(now_ns() + kPatienceNs);
        return answer(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &deadline));
      });
      if (locked == 0) {
        tell_sanitizer(mutex);
        return true;
      }
    }
    return inherited(mutex, "pthread_mutex_clocklock");
  }

  PeerContext& context_;
  bool owner_died_ = false;
};

}  // namespace ipc
