/// The producer's end of a stream whose messages are sent by io_uring(7): each is a request of its own, and one system call
/// hands many of them over. They are linked, so that each begins when the one before it is through: without that, one that
/// has to wait would be overtaken.
#pragma once

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "mechanism/posix/batch_channel.hpp"
#include "mechanism/posix/fd_channel.hpp"
#include "peer/loops.hpp"
#include "system/uring.hpp"

namespace ipc {

/// Requests that are handed over at once.
inline constexpr std::size_t kMostRequests = 64;

/// For the variant `uring`: refuses it where the system does, naming what stands against it. Other variants pass. Throws
/// Failure.
void refuse_without_uring(const Settings& settings);

inline bool is_uring(const Settings& settings) { return settings.variant.view() == "uring"; }

/// `Calls` is what the descriptor is written to with, for what requests leave over; `kOperation` what a request asks for.
template <class Calls, io_uring_op kOperation>
class UringProducer {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  UringProducer(PeerContext& context, std::size_t most_bytes)
      : context_(context),
        channel_(context),
        fd_(context.slot().endpoint.send_fd),
        size_(context.settings().size_bytes),
        buffer_(std::min(kMostRequests, messages_a_batch(size_, most_bytes)) * size_, std::byte{1}),
        ring_(kMostRequests) {
    context.count_calls_singly();
    if (ring_.error() != 0) outcome_ = context.failed("io_uring_setup", ring_.error());
  }

  bool valid() const { return ring_.error() == 0; }

  /// Where the next message is made.
  std::byte* place() { return buffer_.data() + filled_; }

  template <bool Logged>
  Outcome send(const std::byte*, std::size_t size) {
    if constexpr (Logged) log_next_ = true;
    filled_ += size;
    if (filled_ != buffer_.size()) [[likely]] return Outcome::done;
    return pass_on();
  }

  /// A failure shows when the next message is sent.
  void flush() { pass_on(); }

  void finish_sending() {
    flush();
    channel_.finish_sending();
  }

 private:
  [[gnu::noinline]] Outcome pass_on() {
    if (outcome_ == Outcome::done && filled_ != 0) {
      const std::size_t bytes = std::exchange(filled_, 0);
      outcome_ = std::exchange(log_next_, false) ? pass<true>(bytes) : pass<false>(bytes);
    }
    // Room for one message only, so that the next one asks here.
    if (outcome_ != Outcome::done) filled_ = buffer_.size() - size_;
    return outcome_;
  }

  template <bool Logged>
  Outcome pass(std::size_t bytes) {
    const auto count = static_cast<unsigned>(bytes / size_);
    for (unsigned i = 0; i < count; ++i) {
      io_uring_sqe& request = ring_.request();
      request.opcode = kOperation;
      request.flags = i + 1 < count ? IOSQE_IO_LINK : 0;
      request.fd = fd_;
      request.addr = reinterpret_cast<std::uint64_t>(buffer_.data() + i * size_);
      request.len = static_cast<std::uint32_t>(size_);
      if constexpr (kOperation == IORING_OP_SEND) {
        request.msg_flags = MSG_NOSIGNAL | MSG_WAITALL;
      } else {
        request.off = ~std::uint64_t{0};  // a descriptor without a position
      }
      request.user_data = i;
    }
    // What went out in one piece from the front; a request that fell short has undone all that were linked behind it.
    std::size_t sent = bytes;
    const auto note = [&](std::uint64_t index, std::int32_t result) {
      if (result == static_cast<std::int32_t>(size_)) return;
      sent = std::min(sent, index * size_ + static_cast<std::size_t>(std::max(result, 0)));
    };
    for (unsigned answered = 0; answered < count;) {
      context_.count_extra_call();
      const int entered = traced<Logged>(context_, CallName::io_uring_enter, ring_.fd(), bytes,
                                         [&] { return ring_.submit(count - answered); });
      if (entered < 0 && errno != EINTR && errno != EAGAIN) return context_.failed("io_uring_enter", errno);
      answered += ring_.take(note);
    }
    if (sent == bytes) return Outcome::done;
    // Whatever was in the way, the plain call knows what to do about it.
    context_.count_extra_call();
    return channel_.template send<Logged>(buffer_.data() + sent, bytes - sent);
  }

  PeerContext& context_;
  FdChannel<Calls> channel_;
  int fd_;
  std::size_t size_;
  std::vector<std::byte> buffer_;
  Uring ring_;
  std::size_t filled_ = 0;
  bool log_next_ = false;
  Outcome outcome_ = Outcome::done;
};

/// The working life of a peer of the variant `uring`; the consumer receives as one of `tuned` does.
template <class Calls, io_uring_op kOperation>
int run_uring(PeerContext& context, std::size_t most_bytes) {
  if (context.role() == Role::consumer) return run_batched<Calls>(context, most_bytes);
  UringProducer<Calls, kOperation> channel(context, most_bytes);
  return channel.valid() ? run_producer(context, channel) : context.end(Outcome::failed);
}

}  // namespace ipc
