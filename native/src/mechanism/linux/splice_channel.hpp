/// The producer's end of a pipe that is given pages instead of bytes (vmsplice(2)): the kernel notes which pages the message
/// lies in and copies nothing; the reader's read(2) copies straight out of them. So only one side copies, and it does not
/// hold the pipe's lock against the other meanwhile.
///
/// Until the reader has taken a page, writing into it would change a message that is sent already. A pipe has a slot for
/// each page, so a page is free again as soon as as many others as the pipe has slots were sent after it: there are more
/// buffers than the pipe can hold, and they are used in turn.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <utility>

#include "mechanism/linux/page_ring.hpp"
#include "mechanism/posix/batch_channel.hpp"
#include "mechanism/posix/fd_channel.hpp"
#include "peer/context.hpp"

namespace ipc {

/// `Calls` is what pipes are written to with, for what does not fill a buffer.
template <class Calls>
class SpliceProducer {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  /// `most_slots`: as many as the pipe will ever have in this session. `most_bytes`: how much small messages are gathered to.
  SpliceProducer(PeerContext& context, std::size_t most_slots, std::size_t most_bytes)
      : context_(context),
        channel_(context),
        fd_(context.slot().endpoint.send_fd),
        flags_(context.settings().blocking ? 0 : SPLICE_F_NONBLOCK),
        size_(context.settings().size_bytes),
        room_(messages_a_batch(size_, most_bytes) * size_),
        ring_(room_, buffers(room_, most_slots)) {
    context.count_calls_singly();
    if (!ring_.valid()) {
      outcome_ = context.failed("mmap", ENOMEM);
      return;
    }
    at_ = ring_[0];
  }

  bool valid() const { return ring_.valid(); }

  /// Buffers of `bytes` such that when one comes round again, the pipe has been filled anew since.
  static std::size_t buffers(std::size_t bytes, std::size_t most_slots) {
    const std::size_t pages = pages_of(bytes);
    return (most_slots + pages - 1) / pages + 1;
  }

  /// Where the next message is made.
  std::byte* place() { return at_ + filled_; }

  template <bool Logged>
  Outcome send(const std::byte*, std::size_t size) {
    if constexpr (Logged) log_next_ = true;
    filled_ += size;
    if (filled_ != room_) [[likely]] return Outcome::done;
    return note(give());
  }

  /// Part of a buffer is copied, and the buffer stays: only whole ones are counted on when a page comes round again. A
  /// failure shows when the next message is sent.
  void flush() {
    if (outcome_ != Outcome::done || filled_ == 0) return;
    const std::size_t bytes = std::exchange(filled_, 0);
    context_.count_extra_call();
    note(std::exchange(log_next_, false) ? channel_.template send<true>(at_, bytes)
                                         : channel_.template send<false>(at_, bytes));
  }

  void finish_sending() {
    flush();
    channel_.finish_sending();
  }

 private:
  Outcome note(Outcome outcome) {
    outcome_ = outcome;
    // Room for one message only, so that the next one asks here.
    if (outcome != Outcome::done) filled_ = room_ - size_;
    return outcome;
  }

  /// Hands the whole buffer over, and goes on to the next.
  [[gnu::noinline]] Outcome give() {
    if (outcome_ != Outcome::done) return outcome_;
    filled_ = 0;
    for (std::size_t given = 0; given < room_;) {
      iovec piece{at_ + given, room_ - given};
      const auto call = [&] { return ::vmsplice(fd_, &piece, 1, flags_); };
      context_.count_extra_call();
      const ssize_t put = std::exchange(log_next_, false)
                              ? traced<true>(context_, CallName::vmsplice, fd_, piece.iov_len, call)
                              : traced<false>(context_, CallName::vmsplice, fd_, piece.iov_len, call);
      if (put >= 0) {
        given += static_cast<std::size_t>(put);
      } else if (errno != EINTR) {
        const int error = errno;
        if (error != EAGAIN) context_.log_error(CallName::vmsplice, fd_, piece.iov_len, put, error);
        if (error == EPIPE) return context_.broken(error);
        if (error != EAGAIN) return context_.failed("vmsplice", error);
        if (!channel_.wait_for(fd_, POLLOUT, CallName::vmsplice, piece.iov_len)) return context_.failed("poll", errno);
      }
    }
    index_ = ring_.after(index_);
    at_ = ring_[index_];
    return Outcome::done;
  }

  PeerContext& context_;
  FdChannel<Calls> channel_;
  int fd_;
  unsigned flags_;
  std::size_t size_;
  /// Bytes of a buffer that are used: whole messages.
  std::size_t room_;
  PageRing ring_;
  std::size_t index_ = 0;
  std::byte* at_ = nullptr;
  std::size_t filled_ = 0;
  bool log_next_ = false;
  Outcome outcome_ = Outcome::done;
};

}  // namespace ipc
