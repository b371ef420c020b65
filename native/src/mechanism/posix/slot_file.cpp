#include "mechanism/posix/slot_file.hpp"

#include <unistd.h>

#include <cerrno>

namespace ipc {

bool write_whole(int fd, const void* data, std::size_t size, off_t at) {
  const auto* bytes = static_cast<const std::byte*>(data);
  while (size > 0) {
    const ssize_t put = pwrite(fd, bytes, size, at);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes += put;
    size -= static_cast<std::size_t>(put);
    at += put;
  }
  return true;
}

bool read_whole(int fd, void* data, std::size_t size, off_t at) {
  auto* bytes = static_cast<std::byte*>(data);
  while (size > 0) {
    const ssize_t taken = pread(fd, bytes, size, at);
    if (taken < 0 && errno == EINTR) continue;
    if (taken == 0) errno = EIO;
    if (taken <= 0) return false;
    bytes += taken;
    size -= static_cast<std::size_t>(taken);
    at += taken;
  }
  return true;
}

}  // namespace ipc
