/*
 * inject PID FD HEX ...: sends messages from a socket of another process, as that process would: a duplicate of its
 * descriptor (pidfd_getfd(2)) is the same socket. Exit code 77 where the system does not allow that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned char bytes[65536];

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  const int pidfd = (int)syscall(SYS_pidfd_open, atoi(argv[1]), 0);
  const int fd = pidfd < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, pidfd, atoi(argv[2]), 0);
  if (fd < 0) return errno == EPERM || errno == ENOSYS ? 77 : 1;
  for (int i = 3; i < argc; ++i) {
    const size_t size = strlen(argv[i]) / 2;
    if (size > sizeof bytes) return 2;
    for (size_t at = 0; at < size; ++at) {
      unsigned value = 0;
      if (sscanf(argv[i] + 2 * at, "%2x", &value) != 1) return 2;
      bytes[at] = (unsigned char)value;
    }
    if (send(fd, bytes, size, 0) != (ssize_t)size) return 1;
  }
  return 0;
}
