/// A descriptor that closes itself.
#pragma once

#include <unistd.h>

#include <utility>

namespace ipc {

class OwnedFd {
 public:
  OwnedFd() = default;
  explicit OwnedFd(int fd) : fd_(fd) {}
  ~OwnedFd() {
    if (fd_ >= 0) ::close(fd_);
  }
  OwnedFd(OwnedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OwnedFd& operator=(OwnedFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  /// -1: none.
  int get() const { return fd_; }

 private:
  int fd_ = -1;
};

}  // namespace ipc
