/// Waiting for the other side of a ring on a descriptor (eventfd(2)).
#pragma once

#include <poll.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

#include "mechanism/posix/ring_wait.hpp"

namespace ipc {

/// Each side has an eventfd that the other rings when it sleeps.
///
/// Doorbells, and not a pair of semaphores (EFD_SEMAPHORE): those would take two system calls a message from each side,
/// though the indices in memory know already what is there. Rung only for a sleeper, the calls are as rare as a
/// futex's. What the descriptor has over the futex is that poll and epoll wait for it together with sockets and timers,
/// which is why virtual machines and io_uring are notified like this.
class EventfdWait {
 public:
  static constexpr bool kSpins = false;
  static constexpr bool kSleeps = true;
  static constexpr CallName kSleepCall = CallName::poll;
  static constexpr CallName kWakeCall = CallName::write;

  explicit EventfdWait(const WaitSetup& setup) : other_fd_(setup.other_fd), own_fd_(setup.own_fd) {}

  bool must_wake(const std::atomic<std::uint32_t>& asleep) const { return protocol_.must_wake(asleep); }

  long wake(std::atomic<std::uint32_t>& asleep) const {
    constexpr std::uint64_t kOne = 1;
    return SleepProtocol::take_back(asleep) ? ::write(other_fd_, &kOne, sizeof kOne) : 0;
  }

  template <class Done>
  long sleep(std::atomic<std::uint32_t>& asleep, Done&& done) const {
    return SleepProtocol::sleep(asleep, done, [&] {
      pollfd entry{own_fd_, POLLIN, 0};
      const int ready = poll(&entry, 1, static_cast<int>(kWaitPatienceNs / kNsPerMs));
      // Silences the bell. One that is rung after the sleeper was done already ends its next sleep too early, and then
      // it looks and sleeps again.
      std::uint64_t rung = 0;
      if (ready > 0) [[maybe_unused]] const ssize_t got = ::read(own_fd_, &rung, sizeof rung);
      return static_cast<long>(ready);
    });
  }

 private:
  SleepProtocol protocol_;
  int other_fd_;
  int own_fd_;
};

}  // namespace ipc
