/// Streams of bytes that carry several messages a call: the producer makes them side by side in one buffer and sends it as
/// one piece, the consumer receives what is there and cuts. A call, the kernel's locks and a wake-up then cost every message
/// only its share. Only what is followed by more at once is held back; see `flush` in peer/loops.hpp.
///
/// One type for each end, since a conversation has nothing to gather.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include "mechanism/posix/fd_channel.hpp"
#include "peer/loops.hpp"

namespace ipc {

/// How many messages of this size make a batch of at most `most_bytes`; 1 for greater messages.
constexpr std::size_t messages_a_batch(std::size_t message_bytes, std::size_t most_bytes) {
  return std::max<std::size_t>(1, most_bytes / message_bytes);
}

template <class Calls>
class BatchProducer {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  BatchProducer(PeerContext& context, std::size_t most_bytes)
      : context_(context),
        channel_(context),
        size_(context.settings().size_bytes),
        // Touched here, so that no page fault falls into the measured time.
        buffer_(messages_a_batch(size_, most_bytes) * size_, std::byte{1}) {
    context.count_calls_singly();
  }

  /// Where the next message is made.
  std::byte* place() { return buffer_.data() + filled_; }

  /// Takes the message that was made at `place`; sends all that were gathered when there is no room for another.
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
      context_.count_extra_call();
      outcome_ = std::exchange(log_next_, false) ? channel_.template send<true>(buffer_.data(), bytes)
                                                 : channel_.template send<false>(buffer_.data(), bytes);
    }
    // Room for one message only, so that the next one asks here.
    if (outcome_ != Outcome::done) filled_ = buffer_.size() - size_;
    return outcome_;
  }

  PeerContext& context_;
  FdChannel<Calls> channel_;
  std::size_t size_;
  std::vector<std::byte> buffer_;
  std::size_t filled_ = 0;
  bool log_next_ = false;
  Outcome outcome_ = Outcome::done;
};

template <class Calls>
class BatchConsumer {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  BatchConsumer(PeerContext& context, std::size_t most_bytes)
      : context_(context),
        channel_(context),
        fd_(context.slot().endpoint.receive_fd),
        buffer_(messages_a_batch(context.settings().size_bytes, most_bytes) * context.settings().size_bytes,
                std::byte{1}) {
    context.count_calls_singly();
  }

  /// The next message, which then lies at `message`. `closed` at the end of the stream.
  template <bool Logged>
  Outcome receive(std::byte*, std::size_t size) {
    if constexpr (Logged) log_next_ = true;
    if (end_ - next_ < size) [[unlikely]] {
      const Outcome outcome = refill(size);
      if (outcome != Outcome::done) [[unlikely]] return outcome;
    }
    message_ = buffer_.data() + next_;
    next_ += size;
    return Outcome::done;
  }

  const std::byte* message() const { return message_; }

 private:
  /// Receives as much as there is, one whole message at least.
  [[gnu::noinline]] Outcome refill(std::size_t size) {
    end_ -= next_;
    std::memmove(buffer_.data(), buffer_.data() + next_, end_);
    next_ = 0;
    while (end_ < size) {
      const std::size_t room = buffer_.size() - end_;
      const auto take = [&] { return Calls::take(fd_, buffer_.data() + end_, room); };
      context_.count_extra_call();
      const ssize_t taken = std::exchange(log_next_, false) ? traced<true>(context_, Calls::kTake, fd_, room, take)
                                                            : traced<false>(context_, Calls::kTake, fd_, room, take);
      if (taken > 0) {
        end_ += static_cast<std::size_t>(taken);
      } else if (taken == 0) {
        return Outcome::closed;
      } else if (errno != EINTR) {
        const int error = errno;
        if (error != EAGAIN) context_.log_error(Calls::kTake, fd_, room, taken, error);
        if (error == ECONNRESET) return context_.broken(error);
        if (error != EAGAIN) return context_.failed(Calls::kTakeName, error);
        if (!channel_.wait_for(fd_, POLLIN, Calls::kTake, room)) return context_.failed("poll", errno);
      }
    }
    return Outcome::done;
  }

  PeerContext& context_;
  FdChannel<Calls> channel_;
  int fd_;
  std::vector<std::byte> buffer_;
  const std::byte* message_ = nullptr;
  std::size_t next_ = 0;
  std::size_t end_ = 0;
  bool log_next_ = false;
};

/// The working life of a peer of a stream whose messages are gathered up to `most_bytes` a call; of messages too great for
/// that, one a call.
template <class Calls>
int run_batched(PeerContext& context, std::size_t most_bytes) {
  if (messages_a_batch(context.settings().size_bytes, most_bytes) == 1) {
    FdChannel<Calls> channel(context);
    return run_loops(context, channel);
  }
  if (context.role() == Role::producer) {
    BatchProducer<Calls> channel(context, most_bytes);
    return run_producer(context, channel);
  }
  BatchConsumer<Calls> channel(context, most_bytes);
  return run_consumer(context, channel);
}

}  // namespace ipc
