/// A channel of mailboxes: datagram sockets of AF_UNIX that are known by name, and senders that know nothing but the name.
#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <utility>
#include <vector>

#include "mechanism/linux/unix_name.hpp"
#include "mechanism/posix/datagram_receiver.hpp"
#include "mechanism/posix/group_end.hpp"
#include "peer/context.hpp"
#include "system/owned_fd.hpp"

namespace ipc {

class MailboxChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;
  static constexpr bool kLossy = false;

  /// Sends every message to all of these names.
  MailboxChannel(PeerContext& context, std::vector<UnixName> names)
      : context_(context),
        end_(context),
        receiver_(context, context.slot().endpoint.receive_fd),
        fd_(context.slot().endpoint.send_fd) {
    for (UnixName& name : names) boxes_.push_back({name, OwnedFd()});
  }

  template <bool Logged>
  Outcome send(const std::byte* data, std::size_t size) {
    for (Box& box : boxes_) {
      const Outcome outcome = send_to<Logged>(box, data, size);
      if (outcome != Outcome::done) [[unlikely]] return outcome;
    }
    return Outcome::done;
  }

  template <bool Logged>
  Outcome receive(std::byte* data, std::size_t size) {
    return receiver_.template receive<Logged>(data, size);
  }

  void finish_sending() {
    if (context_.role() != Role::producer) return;
    context_.note_finish();
    if (!context_.last_to_send()) return;
    // Several consumers of one mailbox each need a mark. A mailbox whose owner is gone needs none.
    const std::size_t marks = context_.settings().shared_channel() ? context_.settings().consumers : 1;
    for (Box& box : boxes_) {
      for (std::size_t i = 0; i < marks; ++i) mark(box);
    }
  }

 private:
  struct Box {
    UnixName name;
    /// Made when it is first waited for; see `wait_for_room`.
    OwnedFd room;
  };

  ssize_t call(const Box& box, const std::byte* data, std::size_t size) {
    return ::sendto(fd_, data, size, MSG_NOSIGNAL, box.name.address(), box.name.length());
  }

  template <bool Logged>
  Outcome send_to(Box& box, const std::byte* data, std::size_t size) {
    const ssize_t put = traced<Logged>(context_, CallName::sendto, fd_, size, [&] { return call(box, data, size); });
    if (put == static_cast<ssize_t>(size)) [[likely]] return Outcome::done;
    return send_again(box, data, size, put);
  }

  [[gnu::noinline]] Outcome send_again(Box& box, const std::byte* data, std::size_t size, ssize_t put) {
    for (;;) {
      if (put == static_cast<ssize_t>(size)) return Outcome::done;
      const int error = put < 0 ? errno : EMSGSIZE;
      if (error == EAGAIN) {
        context_.count_would_block();
        context_.count_wait();
        context_.log_error(CallName::sendto, fd_, size, -1, error);
        if (wait_for_room(box) < 0 && errno != EINTR) return context_.failed("poll", errno);
        if (context_.abandoned()) return Outcome::closed;
      } else if (error != EINTR) {
        context_.log_error(CallName::sendto, fd_, size, put, error);
        // The name is still there, and nobody holds the socket behind it.
        return error == ECONNREFUSED ? context_.broken(error) : context_.failed("sendto", error);
      }
      context_.count_extra_call();
      put = call(box, data, size);
    }
  }

  /// A socket that is connected to nothing is always writable for poll(2), which cannot know where the next message is to
  /// go. So a second one that is connected to the mailbox is asked: it is writable once the mailbox has room. Where that
  /// one has room, it is the sender's own buffer that is full.
  int wait_for_room(Box& box) {
    if (box.room.get() < 0) {
      OwnedFd room(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
      if (room.get() < 0) return -1;
      // Refused when the owner is gone: then the next call tells.
      if (::connect(room.get(), box.name.address(), box.name.length()) != 0) return 0;
      box.room = std::move(room);
    }
    pollfd mailbox{box.room.get(), POLLOUT, 0};
    context_.count_extra_call();
    const int room = poll(&mailbox, 1, 0);
    pollfd waited{room == 0 ? box.room.get() : fd_, POLLOUT, 0};
    context_.count_extra_call();
    return room < 0 ? room : poll(&waited, 1, kIdleMs);
  }

  void mark(Box& box) {
    for (;;) {
      context_.count_extra_call();
      if (call(box, nullptr, 0) == 0) return;
      if (errno == EAGAIN) {
        wait_for_room(box);
      } else if (errno != EINTR) {
        return;
      }
      if (context_.abandoned()) return;
    }
  }

  PeerContext& context_;
  GroupEnd end_;
  DatagramReceiver receiver_;
  int fd_;
  std::vector<Box> boxes_;
};

}  // namespace ipc
