#include "mechanism/linux/completions.hpp"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace ipc {

namespace {

/// More sends than ever are under way: each pins a page at least, and a socket's buffers hold fewer.
constexpr std::size_t kMostSends = 1 << 16;
constexpr int kLookUpMs = 50;

/// Room for one notification with its address (ip(7), IP_RECVERR).
constexpr std::size_t kControlBytes = CMSG_SPACE(sizeof(sock_extended_err) + sizeof(sockaddr_in6));

}  // namespace

Completions::Completions(PeerContext& context, int fd, std::size_t buffers)
    : context_(context), fd_(fd), pending_(buffers), buffer_of_(kMostSends) {}

void Completions::expect(std::size_t buffer) {
  ++pending_[buffer];
  buffer_of_[sent_ % kMostSends] = static_cast<std::uint32_t>(buffer);
  ++sent_;
  context_.slot().zerocopy_sends.set(sent_);
}

bool Completions::take() {
  bool any = false;
  for (;;) {
    alignas(cmsghdr) std::byte control[kControlBytes];
    msghdr message{};
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    if (::recvmsg(fd_, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return any;
    context_.count_extra_call();
    for (cmsghdr* one = CMSG_FIRSTHDR(&message); one != nullptr; one = CMSG_NXTHDR(&message, one)) {
      sock_extended_err notice;
      std::memcpy(&notice, CMSG_DATA(one), sizeof notice);
      if (notice.ee_errno != 0 || notice.ee_origin != SO_EE_ORIGIN_ZEROCOPY) continue;
      end(notice.ee_info, notice.ee_data, (notice.ee_code & SO_EE_CODE_ZEROCOPY_COPIED) != 0);
      any = true;
    }
  }
}

void Completions::end(std::uint32_t first, std::uint32_t last, bool copied) {
  const std::uint64_t sends = std::uint64_t{last - first} + 1;  // the numbers have 32 bits and begin anew
  for (std::uint64_t i = 0; i < sends; ++i) --pending_[buffer_of_[(first + i) % kMostSends]];
  ended_ += sends;
  if (copied) copied_ += sends;
  context_.slot().zerocopy_copied.set(copied_);
}

Outcome Completions::await(std::size_t buffer) {
  while (pending_[buffer] != 0) {
    const Outcome outcome = await_any();
    if (outcome != Outcome::done) return outcome;
  }
  return Outcome::done;
}

Outcome Completions::await_any() {
  while (!take()) {
    if (context_.abandoned()) return Outcome::closed;
    // The error queue shows as POLLERR, which is always asked for.
    pollfd entry{fd_, 0, 0};
    context_.count_extra_call();
    context_.count_wait();
    if (poll(&entry, 1, kLookUpMs) < 0 && errno != EINTR) return context_.failed("poll", errno);
    if ((entry.revents & (POLLERR | POLLHUP)) == 0) continue;
    if (take()) return Outcome::done;
    // Not the queue, so it is the connection.
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error != 0) return context_.broken(error);
    if ((entry.revents & POLLHUP) != 0) return context_.broken(EPIPE);
  }
  return Outcome::done;
}

}  // namespace ipc
