#include "mechanism/posix/socket.hpp"

#include <arpa/inet.h>
#include <sys/ioctl.h>
#include <sys/time.h>

#include "system/facts.hpp"

namespace ipc {

namespace {

/// net.core.wmem_max and rmem_max of a kernel that does not tell.
constexpr std::uint64_t kUsualMax = 212'992;

constexpr const char* kSendMax = "/proc/sys/net/core/wmem_max";
constexpr const char* kReceiveMax = "/proc/sys/net/core/rmem_max";

std::uint64_t number_or_usual(const char* path) {
  const std::uint64_t number = number_in_file(path);
  return number != 0 ? number : kUsualMax;
}

}  // namespace

void set_option(int fd, int level, int option, int value, const char* call) {
  if (setsockopt(fd, level, option, &value, sizeof value) != 0) throw system_failure(call, errno);
}

std::uint64_t buffer_bytes(int fd, int option) {
  int value = 0;
  socklen_t length = sizeof value;
  return getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0 && value > 0 ? static_cast<std::uint64_t>(value) : 0;
}

void ask_for_buffers(int fd, std::uint64_t bytes) {
  set_option(fd, SOL_SOCKET, SO_SNDBUF, static_cast<int>(bytes), "setsockopt SO_SNDBUF");
  set_option(fd, SOL_SOCKET, SO_RCVBUF, static_cast<int>(bytes), "setsockopt SO_RCVBUF");
}

std::uint64_t max_send_buffer() { return number_or_usual(kSendMax); }

std::uint64_t max_receive_buffer() { return number_or_usual(kReceiveMax); }

Bound send_buffer_bound() { return {max_send_buffer(), kSendMax}; }

Bound buffers_bound() {
  const Bound receive{max_receive_buffer(), kReceiveMax};
  const Bound send = send_buffer_bound();
  return receive.value < send.value ? receive : send;
}

void make_nonblocking(int fd) {
  int on = 1;
  if (ioctl(fd, FIONBIO, &on) != 0) throw system_failure("ioctl FIONBIO", errno);
}

void limit_receive_wait(int fd, int ms) {
  const timeval wait{ms / 1000, ms % 1000 * 1000};
  if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) != 0) {
    throw system_failure("setsockopt SO_RCVTIMEO", errno);
  }
}

std::string text_of(const sockaddr_in& address) {
  char text[INET_ADDRSTRLEN] = "";
  inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
  return std::string(text) + ":" + std::to_string(ntohs(address.sin_port));
}

sockaddr_in loopback_address() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace ipc
