/// Pipes and sockets: one call a message, and a loop for the rest where a call did less.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>

#include "options.hpp"
#include "ownership/names.hpp"
#include "session.hpp"

namespace bare {

struct Ends {
  int out = -1;
  int in = -1;
};

struct FileCalls {
  static ssize_t put(int fd, const char* data, std::size_t size) { return ::write(fd, data, size); }
  static ssize_t take(int fd, char* data, std::size_t size) { return ::read(fd, data, size); }
};

struct SocketCalls {
  static ssize_t put(int fd, const char* data, std::size_t size) { return ::send(fd, data, size, MSG_NOSIGNAL); }
  static ssize_t take(int fd, char* data, std::size_t size) { return ::recv(fd, data, size, 0); }
};

/// Pipes and stream sockets.
template <class Calls>
class BytePort {
 public:
  static constexpr bool kLossy = false;
  explicit BytePort(const Ends& ends) : ends_(ends) {}

  void put(const char* data, std::size_t size) {
    for (std::size_t left = size; left > 0;) {
      const ssize_t put = Calls::put(ends_.out, data, left);
      if (put <= 0) die("sending");
      data += put;
      left -= static_cast<std::size_t>(put);
    }
  }

  std::size_t take(char* data, std::size_t size) {
    for (std::size_t left = size; left > 0;) {
      const ssize_t got = Calls::take(ends_.in, data, left);
      if (got <= 0) die("receiving");
      data += got;
      left -= static_cast<std::size_t>(got);
    }
    return size;
  }

 private:
  Ends ends_;
};

/// Sockets that keep the borders of messages.
template <bool Lossy>
class DatagramPort {
 public:
  static constexpr bool kLossy = Lossy;
  explicit DatagramPort(int fd) : fd_(fd) {}

  void put(const char* data, std::size_t size) {
    if (::send(fd_, data, size, MSG_NOSIGNAL) != static_cast<ssize_t>(size)) die("send");
  }
  std::size_t take(char* data, std::size_t size) {
    const ssize_t got = ::recv(fd_, data, size, 0);
    if (got <= 0) die("recv");
    return static_cast<std::size_t>(got);
  }

  /// Shorter than any message, and of another length in each phase.
  static std::size_t mark_size(unsigned phase) { return phase + 1; }
  /// A mark may be lost as well, so it is repeated until it has been seen.
  void mark_end(unsigned phase, const std::atomic<std::uint32_t>& phases_over) {
    constexpr timespec kPause{0, 1'000'000};
    while (phases_over.load() <= phase) {
      put("mark", mark_size(phase));
      nanosleep(&kPause, nullptr);
    }
  }

 private:
  int fd_;
};

inline void make_pipe(Ends& from, Ends& to, std::uint64_t capacity) {
  int fds[2];
  if (pipe(fds) != 0) die("pipe");
  if (capacity != 0 && fcntl(fds[1], F_SETPIPE_SZ, static_cast<int>(capacity)) < 0) die("fcntl F_SETPIPE_SZ");
  from.out = fds[1];
  to.in = fds[0];
}

/// Opened for reading and writing first, so that no open waits for the other side; without a name at once.
inline void make_fifo(Ends& from, Ends& to, std::uint64_t capacity) {
  const std::string path = ipc::run_folder() + "/" + ipc::object_name(getpid(), "bare-fifo");
  mkdir(ipc::run_folder().c_str(), 0700);
  if (mkfifo(path.c_str(), 0600) != 0) die("mkfifo");
  const int both = open(path.c_str(), O_RDWR);
  from.out = open(path.c_str(), O_WRONLY);
  to.in = open(path.c_str(), O_RDONLY);
  unlink(path.c_str());
  if (both < 0 || from.out < 0 || to.in < 0) die("open");
  if (capacity != 0 && fcntl(both, F_SETPIPE_SZ, static_cast<int>(capacity)) < 0) die("fcntl F_SETPIPE_SZ");
  close(both);
}

inline void set_buffers(int fd, std::uint64_t capacity) {
  if (capacity == 0) return;
  const int bytes = static_cast<int>(capacity);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

inline void make_unix_pair(int (&fds)[2], int type, std::uint64_t capacity) {
  if (socketpair(AF_UNIX, type, 0, fds) != 0) die("socketpair");
  for (const int fd : fds) set_buffers(fd, capacity);
}

/// A socket at a port of 127.0.0.1 that the system chooses; its address in `address`.
inline int bound_socket(int type, std::uint64_t capacity, sockaddr_in& address) {
  const int fd = socket(AF_INET, type, 0);
  if (fd < 0) die("socket");
  set_buffers(fd, capacity);
  address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd, generic, length) != 0 || getsockname(fd, generic, &length) != 0) die("bind");
  return fd;
}

inline void connect_to(int fd, const sockaddr_in& address) {
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) die("connect");
}

inline void make_tcp_pair(int (&fds)[2], const Options& options) {
  sockaddr_in address;
  const int listener = bound_socket(SOCK_STREAM, options.capacity, address);
  if (listen(listener, 1) != 0) die("listen");
  fds[0] = socket(AF_INET, SOCK_STREAM, 0);
  set_buffers(fds[0], options.capacity);
  connect_to(fds[0], address);
  fds[1] = accept(listener, nullptr, nullptr);
  if (fds[1] < 0) die("accept");
  close(listener);
  const int on = 1;
  for (const int fd : fds) {
    if (options.no_delay && setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) die("TCP_NODELAY");
  }
}

inline void make_udp_pair(int (&fds)[2], std::uint64_t capacity) {
  sockaddr_in addresses[2];
  for (int i = 0; i < 2; ++i) fds[i] = bound_socket(SOCK_DGRAM, capacity, addresses[i]);
  for (int i = 0; i < 2; ++i) connect_to(fds[i], addresses[1 - i]);
}

}  // namespace bare
