#include "mechanism/linux/unix_message.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <vector>

#include "mechanism/posix/socket.hpp"
#include "protocol/failure.hpp"

namespace ipc {

namespace {

/// The greatest message below `too_large` that goes from one socket to the other, bytes.
std::size_t greatest_message(int from, int to, std::size_t too_large) {
  std::size_t fits = 0;
  while (too_large - fits > 1) {
    const std::size_t middle = fits + (too_large - fits) / 2;
    (memory_of_message(from, to, middle) != 0 ? fits : too_large) = middle;
  }
  return fits;
}

}  // namespace

int unix_type_of(const Settings& settings) {
  if (settings.kind.view() == "datagram") return SOCK_DGRAM;
  return settings.kind.view() == "seqpacket" ? SOCK_SEQPACKET : SOCK_STREAM;
}

void ask_for_unix_capacity(int fd, const Settings& settings) {
  const std::uint64_t bytes =
      settings.capacity_bytes == 0 && !settings.plain() ? max_send_buffer() : settings.capacity_bytes;
  if (bytes != 0) set_option(fd, SOL_SOCKET, SO_SNDBUF, static_cast<int>(bytes), "setsockopt SO_SNDBUF");
}

std::uint64_t memory_of_message(int from, int to, std::size_t size) {
  std::vector<std::byte> message(size);
  const ssize_t put = ::send(from, message.data(), size, MSG_NOSIGNAL | MSG_DONTWAIT);
  const int error = errno;
  int memory = 0;
  if (put == static_cast<ssize_t>(size) && ioctl(from, SIOCOUTQ, &memory) != 0) memory = 0;
  while (::recv(to, message.data(), size, MSG_DONTWAIT) >= 0) {
  }
  errno = error;
  return memory > 0 ? static_cast<std::uint64_t>(memory) : 0;
}

void resolve_unix_size(const Settings& settings, std::string_view instead) {
  if (unix_type_of(settings) == SOCK_STREAM) return;
  int fds[2];
  if (socketpair(AF_UNIX, unix_type_of(settings) | SOCK_CLOEXEC, 0, fds) != 0) throw system_failure("socketpair", errno);
  const Socket from(fds[0]);
  const Socket to(fds[1]);
  ask_for_unix_capacity(from.fd(), settings);
  if (memory_of_message(from.fd(), to.fd(), settings.size_bytes) != 0) return;
  const int error = errno;

  const std::string limit = std::to_string(greatest_message(from.fd(), to.fd(), settings.size_bytes));
  const std::string buffer = std::to_string(buffer_bytes(from.fd(), SO_SNDBUF));
  const std::string most = std::to_string(max_send_buffer());
  const std::string otherwise = instead.empty() ? "." : ", or " + std::string(instead) + ".";
  Failure failure{ErrorCode::out_of_range, "", ""};
  if (error == EMSGSIZE) {
    failure.message = "with a send buffer (SO_SNDBUF) of " + buffer + " bytes a message of this kind of socket may have " +
                      limit + " bytes";
    failure.remedy = "Use a smaller size, a --capacity up to " + most +
                     " (net.core.wmem_max, which an administrator raises with sysctl -w net.core.wmem_max=BYTES)" +
                     otherwise;
  } else {
    failure.message = "the kernel has no memory for a message of more than " + limit + " bytes in one piece";
    failure.remedy = "Use a smaller size" + otherwise;
  }
  failure.where = "--size";
  failure.value = std::to_string(settings.size_bytes);
  failure.allowed = "1.." + limit;
  failure.errno_name = errno_name(error);
  throw failure;
}

}  // namespace ipc
