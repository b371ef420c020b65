/// The eventfds of a session, one for each process to be woken by.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "measure/stats_page.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"

namespace ipc {

class Doorbells {
 public:
  /// Tells both processes which descriptor is whose. Throws Failure.
  explicit Doorbells(StatsPage& page) {
    for (int& fd : fds_) {
      // Non-blocking: one waits in poll, where it is one descriptor among others, and never in the read.
      fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
      if (fd < 0) {
        const int error = errno;
        close_all();
        throw system_failure("eventfd", error);
      }
    }
    page.slots[0].endpoint = {fds_[1], fds_[0]};
    page.slots[1].endpoint = {fds_[0], fds_[1]};
  }
  ~Doorbells() { close_all(); }
  Doorbells(const Doorbells&) = delete;
  Doorbells& operator=(const Doorbells&) = delete;

  std::vector<int> descriptors() const { return {fds_[0], fds_[1]}; }

  std::vector<ObjectInfo> objects() const {
    return {{"eventfd", "wakes the producer, descriptor " + std::to_string(fds_[0]), "none", std::nullopt},
            {"eventfd", "wakes the consumer, descriptor " + std::to_string(fds_[1]), "none", std::nullopt}};
  }

 private:
  void close_all() {
    for (const int fd : fds_) {
      if (fd >= 0) ::close(fd);
    }
  }

  int fds_[2] = {-1, -1};
};

}  // namespace ipc
