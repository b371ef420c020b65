/// The producer's end of a TCP connection that sends without copying (MSG_ZEROCOPY, Documentation/networking/msg_zerocopy.rst):
/// the kernel pins the pages of a buffer instead, and tells on the socket's error queue when it needs them no more. Until
/// then the buffer must not be written to, so several are used in turn.
///
/// Where the bytes stay on this machine the kernel copies them after all, when they reach the receiving socket, and says so
/// (SO_EE_CODE_ZEROCOPY_COPIED): both kinds are counted.
#pragma once

#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "mechanism/linux/completions.hpp"
#include "mechanism/linux/page_ring.hpp"
#include "mechanism/posix/batch_channel.hpp"
#include "mechanism/posix/socket.hpp"
#include "peer/context.hpp"

namespace ipc {

class ZeroCopyProducer {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  /// `most_bytes`: how much small messages are gathered to; a call that sends less than some 10 KiB gains nothing.
  ZeroCopyProducer(PeerContext& context, std::size_t most_bytes)
      : context_(context),
        channel_(context),
        fd_(context.slot().endpoint.send_fd),
        size_(context.settings().size_bytes),
        room_(messages_a_batch(size_, most_bytes) * size_),
        ring_(room_, room_ < kMemory / kMostBuffers ? kMostBuffers : kMemory / room_ + 2),
        completions_(context, fd_, ring_.count()) {
    context.count_calls_singly();
    if (ring_.valid()) {
      at_ = ring_[0];
    } else {
      outcome_ = context.failed("mmap", ENOMEM);
    }
  }

  bool valid() const { return ring_.valid(); }

  /// Where the next message is made.
  std::byte* place() { return at_ + filled_; }

  template <bool Logged>
  Outcome send(const std::byte*, std::size_t size) {
    if constexpr (Logged) log_next_ = true;
    filled_ += size;
    if (filled_ != room_) [[likely]] return Outcome::done;
    return note(give());
  }

  /// Part of a buffer is copied. A failure shows when the next message is sent.
  void flush() {
    if (outcome_ != Outcome::done || filled_ == 0) return;
    const std::size_t bytes = std::exchange(filled_, 0);
    context_.count_extra_call();
    note(std::exchange(log_next_, false) ? channel_.template send<true>(at_, bytes)
                                         : channel_.template send<false>(at_, bytes));
  }

  void finish_sending() {
    flush();
    completions_.take();
    channel_.finish_sending();
  }

 private:
  static constexpr std::size_t kMemory = 4 << 20;
  static constexpr std::size_t kMostBuffers = 32;

  Outcome note(Outcome outcome) {
    outcome_ = outcome;
    // Room for one message only, so that the next one asks here.
    if (outcome != Outcome::done) filled_ = room_ - size_;
    return outcome;
  }

  /// Sends the whole buffer, and goes on to the next as soon as that is free.
  [[gnu::noinline]] Outcome give() {
    if (outcome_ != Outcome::done) return outcome_;
    filled_ = 0;
    int flags = MSG_NOSIGNAL | MSG_ZEROCOPY;
    for (std::size_t given = 0; given < room_;) {
      const std::size_t rest = room_ - given;
      const auto call = [&] { return ::send(fd_, at_ + given, rest, flags); };
      context_.count_extra_call();
      const ssize_t put = std::exchange(log_next_, false) ? traced<true>(context_, CallName::send, fd_, rest, call)
                                                          : traced<false>(context_, CallName::send, fd_, rest, call);
      if (put > 0) {
        given += static_cast<std::size_t>(put);
        if ((flags & MSG_ZEROCOPY) != 0) completions_.expect(index_);
        continue;
      }
      const Outcome outcome = after_failure(errno, rest, flags);
      if (outcome != Outcome::done) return outcome;
    }
    index_ = ring_.after(index_);
    at_ = ring_[index_];
    return completions_.await(index_);
  }

  Outcome after_failure(int error, std::size_t bytes, int& flags) {
    if (error == EINTR) return Outcome::done;
    if (error == ENOBUFS) {
      // Too much is pinned (RLIMIT_MEMLOCK) or noted (net.core.optmem_max). Where nothing is under way that could end, the
      // rest of this buffer is copied.
      if (completions_.pending() == 0) {
        flags &= ~MSG_ZEROCOPY;
        return Outcome::done;
      }
      return completions_.await_any();
    }
    if (error != EAGAIN) context_.log_error(CallName::send, fd_, bytes, -1, error);
    if (error == EPIPE || error == ECONNRESET) return context_.broken(error);
    if (error != EAGAIN) return context_.failed("send", error);
    // What lies in the error queue would end every poll at once.
    completions_.take();
    return channel_.wait_for(fd_, POLLOUT, CallName::send, bytes) ? Outcome::done : context_.failed("poll", errno);
  }

  PeerContext& context_;
  FdChannel<SocketCalls> channel_;
  int fd_;
  std::size_t size_;
  /// Bytes of a buffer that are used: whole messages.
  std::size_t room_;
  PageRing ring_;
  Completions completions_;
  std::size_t index_ = 0;
  std::byte* at_ = nullptr;
  std::size_t filled_ = 0;
  bool log_next_ = false;
  Outcome outcome_ = Outcome::done;
};

}  // namespace ipc
