#include "mechanism/linux/signal_partners.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "protocol/failure.hpp"

namespace ipc {

namespace {

/// What travels beside the pidfd: how many senders, and their pids.
struct Letter {
  std::uint32_t senders = 0;
  std::array<std::int32_t, kMaxPeers / 2> pids{};
};

/// Room for one descriptor, aligned as cmsg(3) wants it.
union ControlBuffer {
  cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(int))];
};

void send_letter(int socket, Letter letter, int pidfd) {
  iovec piece{&letter, sizeof letter};
  ControlBuffer control{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (pidfd >= 0) {
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    cmsghdr* const rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof pidfd);
    std::memcpy(CMSG_DATA(rights), &pidfd, sizeof pidfd);
  }
  if (::sendmsg(socket, &message, MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET) {
    throw system_failure("sendmsg", errno);
  }
}

}  // namespace

SignalIntroduction::SignalIntroduction(const Settings& settings, StatsPage& page) : settings_(settings) {
  for (unsigned i = 0; i < settings.processes(); ++i) {
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0) throw system_failure("socketpair", errno);
    pairs_.push_back({OwnedFd(fds[0]), OwnedFd(fds[1])});
    page.slots[i].endpoint.receive_fd = fds[1];
  }
}

void SignalIntroduction::introduce(const std::vector<Child>& peers) {
  const std::size_t producers = settings_.producers;
  const Child& consumer = peers[producers];
  Letter to_consumer;
  for (std::size_t i = 0; i < producers; ++i) to_consumer.pids[to_consumer.senders++] = peers[i].pid;
  // Only who asks gets answers.
  Letter to_producer{settings_.pingpong() ? 1U : 0U, {consumer.pid}};
  for (std::size_t i = 0; i < producers; ++i) send_letter(pairs_[i].supervisor.get(), to_producer, consumer.pidfd);
  send_letter(pairs_[producers].supervisor.get(), to_consumer, settings_.pingpong() ? peers[0].pidfd : -1);
  pairs_.clear();
}

int receive_partners(int socket, SignalPartners& partners) {
  Letter letter;
  iovec piece{&letter, sizeof letter};
  ControlBuffer control{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof control.bytes;
  ssize_t got = 0;
  do {
    got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return errno;
  if (got != static_cast<ssize_t>(sizeof letter) || letter.senders > letter.pids.size()) return EBADMSG;
  const cmsghdr* const rights = CMSG_FIRSTHDR(&message);
  if (rights != nullptr && rights->cmsg_type == SCM_RIGHTS) {
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(rights), sizeof fd);
    partners.receiver = OwnedFd(fd);
  }
  partners.senders.assign(letter.pids.begin(), letter.pids.begin() + letter.senders);
  return 0;
}

}  // namespace ipc
