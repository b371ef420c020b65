/// Waiting until one of several descriptors can be received from: poll(2), which is given all of them each time, and
/// epoll(7), where the kernel keeps the list. A receiver that waits this way takes with calls that do not wait.
#pragma once

#include <poll.h>
#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <vector>

#include "catalogue/option_table.hpp"
#include "peer/context.hpp"
#include "system/owned_fd.hpp"

namespace ipc {

/// The option of mechanisms whose receiver waits for a descriptor.
inline OptionRow receive_option() {
  return choice_option("receive", "--receive", {"call", "poll", "epoll"}, &Settings::receive);
}

class PollReadiness {
 public:
  /// Descriptors are numbered from 0 in the order in which they are added.
  void add(int fd) { entries_.push_back({fd, POLLIN, 0}); }
  void remove(std::size_t index) { entries_[index].fd = -1; }

  /// Waits at most `timeout_ms`, -1: for ever, and answers how many are ready, 0 when the time is over, -1 and errno after a
  /// failure. What is closed at the other end counts as ready. After a signal (EINTR) it waits anew.
  template <bool Logged>
  int await(PeerContext& context, int timeout_ms) {
    const int shown = entries_.size() == 1 ? entries_.front().fd : -1;
    int count = 0;
    do {
      context.count_extra_call();
      count = traced<Logged>(context, CallName::poll, shown, 0,
                             [&] { return poll(entries_.data(), entries_.size(), timeout_ms); });
    } while (count < 0 && errno == EINTR);
    next_ = 0;
    left_ = std::max(count, 0);
    return count;
  }

  /// How many of those that were found ready `next` has not answered yet.
  int left() const { return left_; }

  /// The number of the next ready descriptor; only while there are some left.
  std::size_t next() {
    while (entries_[next_].revents == 0) ++next_;
    --left_;
    return next_++;
  }

  /// The call that failed, when `await` answers -1.
  const char* failed_call() const { return "poll"; }

 private:
  std::vector<pollfd> entries_;
  std::size_t next_ = 0;
  int left_ = 0;
};

/// The same interface over epoll_wait(2), level-triggered.
class EpollReadiness {
 public:
  EpollReadiness() : set_(epoll_create1(EPOLL_CLOEXEC)) {
    if (set_.get() < 0) fail("epoll_create1");
  }

  void add(int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = fds_.size();
    fds_.push_back(fd);
    ready_.resize(fds_.size());
    if (error_ == 0 && epoll_ctl(set_.get(), EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
  }
  void remove(std::size_t index) { epoll_ctl(set_.get(), EPOLL_CTL_DEL, fds_[index], nullptr); }

  template <bool Logged>
  int await(PeerContext& context, int timeout_ms) {
    if (error_ != 0) [[unlikely]] {
      errno = error_;
      return -1;
    }
    int count = 0;
    do {
      context.count_extra_call();
      count = traced<Logged>(context, CallName::epoll_wait, set_.get(), 0, [&] {
        return epoll_wait(set_.get(), ready_.data(), static_cast<int>(ready_.size()), timeout_ms);
      });
    } while (count < 0 && errno == EINTR);
    left_ = std::max(count, 0);
    return count;
  }

  int left() const { return left_; }
  std::size_t next() { return ready_[static_cast<std::size_t>(--left_)].data.u64; }
  const char* failed_call() const { return failed_call_; }

 private:
  void fail(const char* call) {
    error_ = errno;
    failed_call_ = call;
  }

  OwnedFd set_;
  std::vector<int> fds_;
  std::vector<epoll_event> ready_;
  int left_ = 0;
  int error_ = 0;
  const char* failed_call_ = "epoll_wait";
};

/// Whether this peer receives, and asks for readiness first.
inline bool polls_to_receive(PeerContext& context) {
  const Settings& settings = context.settings();
  return settings.polled() && (context.role() == Role::consumer || settings.pingpong());
}

/// Calls `use` with the type of readiness that polled settings name, as its template argument.
template <class Use>
int with_readiness(const Settings& settings, Use&& use) {
  return settings.receive.view() == "epoll" ? use.template operator()<EpollReadiness>()
                                            : use.template operator()<PollReadiness>();
}

}  // namespace ipc
