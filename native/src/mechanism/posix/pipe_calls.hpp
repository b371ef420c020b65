/// The calls on a pipe, for FdChannel.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cstddef>

#include "measure/call_log.hpp"

namespace ipc {

struct PipeCalls {
  static constexpr CallName kPut = CallName::write;
  static constexpr CallName kTake = CallName::read;
  static constexpr const char* kPutName = "write";
  static constexpr const char* kTakeName = "read";
  static ssize_t put(int fd, const std::byte* data, std::size_t size) { return ::write(fd, data, size); }
  static ssize_t take(int fd, std::byte* data, std::size_t size) { return ::read(fd, data, size); }
  /// Of a polled reader, whose end has O_NONBLOCK.
  static ssize_t take_now(int fd, std::byte* data, std::size_t size) { return ::read(fd, data, size); }
  static void half_close(int fd) {
    if (fd >= 0) ::close(fd);
  }
};

}  // namespace ipc
