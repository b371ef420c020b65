/// Several datagrams a call, sendmmsg(2) and recvmmsg(2): each stays a message of its own, only the entry into the kernel is
/// shared. And, for UDP, several messages as one packet (UDP_SEGMENT and UDP_GRO, udp(7)): the kernel carries them through
/// its layers as one, and cuts only where a receiver wants them one by one; ours takes them as they travelled.
///
/// One type for each end of a stream; only what is followed by more at once is held back, see `flush` in peer/loops.hpp.
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "mechanism/posix/batch_channel.hpp"
#include "mechanism/posix/datagram_channel.hpp"
#include "mechanism/posix/tuned.hpp"
#include "peer/loops.hpp"

namespace ipc {

/// Messages a call at most: beyond that the entry into the kernel is a percent of the whole.
inline constexpr std::size_t kMostMessages = 64;

/// Messages lying side by side, as sendmmsg and recvmmsg take them.
class MessageVector {
 public:
  MessageVector(std::size_t size, std::size_t count)
      : size_(size), bytes_(size * count, std::byte{1}), pieces_(count), headers_(count) {
    for (std::size_t i = 0; i < count; ++i) {
      pieces_[i] = {at(i), size};
      headers_[i].msg_hdr.msg_iov = &pieces_[i];
      headers_[i].msg_hdr.msg_iovlen = 1;
    }
  }
  MessageVector(const MessageVector&) = delete;
  MessageVector& operator=(const MessageVector&) = delete;

  std::byte* at(std::size_t index) { return bytes_.data() + index * size_; }
  mmsghdr* headers(std::size_t first) { return headers_.data() + first; }
  std::size_t count() const { return headers_.size(); }
  std::size_t bytes() const { return bytes_.size(); }

 private:
  std::size_t size_;
  std::vector<std::byte> bytes_;
  std::vector<iovec> pieces_;
  std::vector<mmsghdr> headers_;
};

/// What the producers have in common: gathering. `Derived::pass_on` sends what lies in `messages_`.
template <Delivery kDelivery, class Derived>
class GatheredDatagrams {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;
  static constexpr bool kLossy = kDelivery == Delivery::lossy;

  /// Where the next message is made.
  std::byte* place() { return messages_.at(filled_); }

  template <bool Logged>
  Outcome send(const std::byte*, std::size_t) {
    if constexpr (Logged) log_next_ = true;
    if (++filled_ != messages_.count()) [[likely]] return Outcome::done;
    return pass_on();
  }

  /// A failure shows when the next message is sent.
  void flush() { pass_on(); }

  void finish_sending() {
    flush();
    channel_.finish_sending();
  }

 protected:
  GatheredDatagrams(PeerContext& context, std::size_t most_messages)
      : context_(context), channel_(context), size_(context.settings().size_bytes), messages_(size_, most_messages) {
    context.count_calls_singly();
  }

  PeerContext& context_;
  DatagramChannel<kDelivery> channel_;
  std::size_t size_;
  MessageVector messages_;

 private:
  [[gnu::noinline]] Outcome pass_on() {
    if (outcome_ == Outcome::done && filled_ != 0) {
      const std::size_t count = std::exchange(filled_, 0);
      outcome_ = std::exchange(log_next_, false) ? static_cast<Derived*>(this)->template pass<true>(count)
                                                 : static_cast<Derived*>(this)->template pass<false>(count);
    }
    // Room for one message only, so that the next one asks here.
    if (outcome_ != Outcome::done) filled_ = messages_.count() - 1;
    return outcome_;
  }

  std::size_t filled_ = 0;
  bool log_next_ = false;
  Outcome outcome_ = Outcome::done;
};

template <Delivery kDelivery>
class MultipleProducer : public GatheredDatagrams<kDelivery, MultipleProducer<kDelivery>> {
  using Base = GatheredDatagrams<kDelivery, MultipleProducer<kDelivery>>;
  friend Base;

 public:
  MultipleProducer(PeerContext& context, std::size_t most_messages) : Base(context, most_messages) {}

 private:
  template <bool Logged>
  Outcome pass(std::size_t count) {
    const int fd = this->context_.slot().endpoint.send_fd;
    for (std::size_t sent = 0; sent < count;) {
      this->context_.count_extra_call();
      const int put = traced<Logged>(this->context_, CallName::sendmmsg, fd, (count - sent) * this->size_, [&] {
        return ::sendmmsg(fd, this->messages_.headers(sent), static_cast<unsigned>(count - sent), MSG_NOSIGNAL);
      });
      if (put > 0) [[likely]] {
        sent += static_cast<std::size_t>(put);
        continue;
      }
      // Whatever is in the way, the single call knows what to do about it.
      this->context_.count_extra_call();
      const Outcome outcome = this->channel_.template send<Logged>(this->messages_.at(sent), this->size_);
      if (outcome != Outcome::done) return outcome;
      ++sent;
    }
    return Outcome::done;
  }
};

/// Sends all messages as one packet; the socket has the option UDP_SEGMENT set to the size of a message.
class SegmentedProducer : public GatheredDatagrams<Delivery::lossy, SegmentedProducer> {
  friend GatheredDatagrams<Delivery::lossy, SegmentedProducer>;

 public:
  SegmentedProducer(PeerContext& context, std::size_t most_messages) : GatheredDatagrams(context, most_messages) {}

 private:
  template <bool Logged>
  Outcome pass(std::size_t count) {
    context_.count_extra_call();
    return channel_.template send<Logged>(messages_.at(0), count * size_);
  }
};

template <Delivery kDelivery>
class MultipleConsumer {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;
  static constexpr bool kLossy = kDelivery == Delivery::lossy;

  MultipleConsumer(PeerContext& context, std::size_t most_messages)
      : context_(context),
        channel_(context),
        fd_(context.slot().endpoint.receive_fd),
        messages_(context.settings().size_bytes, most_messages) {
    context.count_calls_singly();
  }

  template <bool Logged>
  Outcome receive(std::byte*, std::size_t size) {
    if constexpr (Logged) log_next_ = true;
    if (next_ == there_) {
      const Outcome outcome = refill(size);
      if (outcome != Outcome::done) [[unlikely]] return outcome;
    }
    message_ = messages_.at(next_);
    const std::size_t length = messages_.headers(next_)->msg_len;
    ++next_;
    if (length == size) [[likely]] return Outcome::done;
    return length == 0 ? Outcome::closed : Outcome::cut;
  }

  const std::byte* message() const { return message_; }

 private:
  /// Waits for one message and takes those that are there then.
  [[gnu::noinline]] Outcome refill(std::size_t size) {
    std::uint64_t idle_ns = 0;
    next_ = 0;
    for (;;) {
      context_.count_extra_call();
      const auto take = [&] {
        return ::recvmmsg(fd_, messages_.headers(0), static_cast<unsigned>(messages_.count()),
                          MSG_WAITFORONE | MSG_TRUNC, nullptr);
      };
      const int taken =
          std::exchange(log_next_, false) ? traced<true>(context_, CallName::recvmmsg, fd_, messages_.bytes(), take)
                                          : traced<false>(context_, CallName::recvmmsg, fd_, messages_.bytes(), take);
      there_ = taken > 0 ? static_cast<std::size_t>(taken) : 0;
      if (taken > 0) return Outcome::done;
      const Outcome outcome = channel_.after_failed_receive(CallName::recvmmsg, "recvmmsg", size, idle_ns);
      if (outcome != Outcome::done) return outcome;
    }
  }

  PeerContext& context_;
  DatagramChannel<kDelivery> channel_;
  int fd_;
  MessageVector messages_;
  const std::byte* message_ = nullptr;
  std::size_t next_ = 0;
  std::size_t there_ = 0;
  bool log_next_ = false;
};

/// Takes packets of several messages; the socket has the option UDP_GRO. It is connected to our own producer, who sends
/// nothing but whole messages and empty ones, so the length of a packet tells how many there are.
class SegmentedConsumer {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;
  static constexpr bool kLossy = true;

  explicit SegmentedConsumer(PeerContext& context)
      : context_(context), channel_(context), fd_(context.slot().endpoint.receive_fd), buffer_(kMostBytes, std::byte{1}) {
    context.count_calls_singly();
  }

  template <bool Logged>
  Outcome receive(std::byte*, std::size_t size) {
    if constexpr (Logged) log_next_ = true;
    if (next_ == end_) {
      const Outcome outcome = refill(size);
      if (outcome != Outcome::done) [[unlikely]] return outcome;
    }
    message_ = buffer_.data() + next_;
    next_ += size;
    return Outcome::done;
  }

  const std::byte* message() const { return message_; }

 private:
  /// The greatest UDP packet, rounded up.
  static constexpr std::size_t kMostBytes = 65'536;

  [[gnu::noinline]] Outcome refill(std::size_t size) {
    std::uint64_t idle_ns = 0;
    next_ = 0;
    end_ = 0;
    for (;;) {
      context_.count_extra_call();
      const auto take = [&] { return ::recv(fd_, buffer_.data(), buffer_.size(), MSG_TRUNC); };
      const ssize_t taken = std::exchange(log_next_, false)
                                ? traced<true>(context_, CallName::recv, fd_, buffer_.size(), take)
                                : traced<false>(context_, CallName::recv, fd_, buffer_.size(), take);
      if (taken == 0) return Outcome::closed;
      if (taken > 0) {
        const auto bytes = static_cast<std::size_t>(taken);
        if (bytes % size != 0 || bytes > buffer_.size()) return Outcome::cut;
        end_ = bytes;
        return Outcome::done;
      }
      const Outcome outcome = channel_.after_failed_receive(CallName::recv, "recv", size, idle_ns);
      if (outcome != Outcome::done) return outcome;
    }
  }

  PeerContext& context_;
  DatagramChannel<Delivery::lossy> channel_;
  int fd_;
  std::vector<std::byte> buffer_;
  const std::byte* message_ = nullptr;
  std::size_t next_ = 0;
  std::size_t end_ = 0;
  bool log_next_ = false;
};

/// The working life of a peer of a stream of which each call takes several messages; one where they are too great for that.
template <Delivery kDelivery>
int run_gathered(PeerContext& context) {
  const std::size_t most_messages =
      std::min(kMostMessages, messages_a_batch(context.settings().size_bytes, kBatchBytes));
  if (most_messages == 1) {
    DatagramChannel<kDelivery> channel(context);
    return run_loops(context, channel);
  }
  if (context.role() == Role::producer) {
    MultipleProducer<kDelivery> channel(context, most_messages);
    return run_producer(context, channel);
  }
  MultipleConsumer<kDelivery> channel(context, most_messages);
  return run_consumer(context, channel);
}

}  // namespace ipc
