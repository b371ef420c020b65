/// Remote procedure calls as a channel: the producer is the client, whose message is the argument of a call; the consumer
/// is the server, who executes it. Of the calls whose latency is taken, both sides also note where the time goes.
#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "measure/clock.hpp"
#include "measure/message.hpp"
#include "peer/context.hpp"
#include "rpc/call_frame.hpp"
#include "rpc/message.hpp"
#include "rpc/program.hpp"
#include "rpc/record.hpp"
#include "rpc/transport.hpp"

namespace ipc {

/// Whole RPC messages over the session's socket, with the counting and logging that every channel does.
class RpcSocket {
 public:
  RpcSocket(PeerContext& context, rpc::Framing framing)
      : context_(context),
        fd_(context.slot().endpoint.send_fd),
        framing_(framing),
        reader_(rpc::kMaxRecordBytes),
        datagram_(framing == rpc::Framing::datagram ? rpc::kMaxDatagramBytes : 0) {}

  /// Starts a message in `out`: on a stream with room for the record mark, so that mark and message leave in one call.
  void begin(rpc::XdrEncoder& out) const {
    out.clear();
    if (framing_ == rpc::Framing::stream) out.put_unsigned(0);
  }

  /// Sends the message that `begin` started.
  template <bool Logged>
  Outcome send(rpc::XdrEncoder& out) {
    if (framing_ == rpc::Framing::stream) {
      const std::size_t length = out.size() - rpc::kRecordMarkBytes;
      out.replace_unsigned(0, rpc::record_mark(static_cast<std::uint32_t>(length), true));
    }
    rpc::BytesView left = out.bytes();
    for (;;) {
      const ssize_t sent = traced<Logged>(context_, CallName::send, fd_, left.size(), [&] {
        return ::send(fd_, left.data(), left.size(), MSG_NOSIGNAL);
      });
      if (sent == static_cast<ssize_t>(left.size())) [[likely]] return Outcome::done;
      if (sent > 0) {
        left = left.subspan(static_cast<std::size_t>(sent));
      } else {
        const Outcome outcome = wait_or_end(CallName::send, "send", POLLOUT);
        if (outcome != Outcome::done) return outcome;
      }
      context_.count_extra_call();
    }
  }

  /// Waits for the next message; `message` then is it. `closed` when there will be none.
  template <bool Logged>
  Outcome receive() {
    for (bool first = true;; first = false) {
      if (!first) context_.count_extra_call();
      const std::span<std::byte> room = framing_ == rpc::Framing::stream ? reader_.wanted() : std::span(datagram_);
      const ssize_t count = traced<Logged>(context_, CallName::recv, fd_, room.size(),
                                           [&] { return ::recv(fd_, room.data(), room.size(), 0); });
      if (count > 0) [[likely]] {
        if (take(static_cast<std::size_t>(count))) return Outcome::done;
      } else if (count == 0) {
        return Outcome::closed;
      } else {
        const Outcome outcome = wait_or_end(CallName::recv, "recv", POLLIN);
        if (outcome != Outcome::done) return outcome;
      }
    }
  }

  rpc::BytesView message() const { return message_; }
  /// The record mark in front of the message, which is sent in one fragment; nothing over datagrams.
  rpc::BytesView mark() const { return framing_ == rpc::Framing::stream ? reader_.mark() : rpc::BytesView(); }

  /// The end of the stream; over datagrams, where there is none, an empty one stands for it.
  void finish_sending() {
    if (framing_ == rpc::Framing::stream) {
      ::shutdown(fd_, SHUT_WR);
    } else {
      [[maybe_unused]] const ssize_t sent = ::send(fd_, nullptr, 0, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
  }

 private:
  /// The other side of a datagram socket can die without a sign, so that one looks up from waiting for it now and then.
  static constexpr int kPatienceMs = 100;

  /// True when the message is whole. Both ends are ours, so that none is longer than RecordReader takes.
  bool take(std::size_t count) {
    if (framing_ == rpc::Framing::datagram) {
      message_ = rpc::BytesView(datagram_).first(count);
      return true;
    }
    if (!reader_.took(count)) return false;
    message_ = reader_.record();
    return true;
  }

  /// After a call that failed: `done` when it may be tried again.
  [[gnu::noinline]] Outcome wait_or_end(CallName name, const char* call, short events) {
    const int error = errno;
    if (error == EINTR) return Outcome::done;
    if (error != EAGAIN) {
      context_.log_error(name, fd_, 0, -1, error);
      const bool gone = error == EPIPE || error == ECONNRESET || error == ECONNREFUSED;
      return gone ? context_.broken(error) : context_.failed(call, error);
    }
    if (!context_.settings().blocking) {
      context_.count_would_block();
      context_.count_wait();
      context_.log_error(name, fd_, 0, -1, error);
      pollfd entry{fd_, events, 0};
      context_.count_extra_call();
      if (poll(&entry, 1, framing_ == rpc::Framing::datagram ? kPatienceMs : -1) < 0 && errno != EINTR) {
        return context_.failed("poll", errno);
      }
    }
    return framing_ == rpc::Framing::datagram && context_.abandoned() ? Outcome::closed : Outcome::done;
  }

  PeerContext& context_;
  int fd_;
  rpc::Framing framing_;
  rpc::RecordReader reader_;
  rpc::Bytes datagram_;
  rpc::BytesView message_;
};

/// How many numbers hold a message of so many bytes.
constexpr std::size_t numbers_for(std::size_t bytes) { return (bytes + 7) / 8; }

class RpcClientChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  explicit RpcClientChannel(PeerContext& context)
      : context_(context),
        times_(context.page().call_times),
        socket_(context, rpc::framing_of(context.settings())),
        procedure_(rpc::procedure_of(context.settings())) {}

  /// Marshals the call and sends it.
  template <bool Logged>
  Outcome send(const std::byte* data, std::size_t size) {
    ++xid_;
    sampled_ = samples(data, size);
    const std::uint64_t start = sampled_ ? now_ns() : 0;
    marshal({data, size});
    if (sampled_) [[unlikely]] {
      sent_ns_ = now_ns();
      marshal_ns_ = sent_ns_ - start;
      // release: goes with the server's acquire; the call itself follows in any case.
      times_.sampled_xid.store(xid_, std::memory_order_release);
    }
    const Outcome outcome = socket_.send<Logged>(call_);
    if (sampled_ && !kept_) [[unlikely]] keep_call();
    return outcome;
  }

  /// Waits for the reply and unmarshals it: `data` is what came back, or is nought when the result is wrong.
  template <bool Logged>
  Outcome receive(std::byte* data, std::size_t size) {
    const Outcome outcome = socket_.receive<Logged>();
    if (outcome != Outcome::done) return outcome;
    const std::uint64_t answered = sampled_ ? now_ns() : 0;
    if (sampled_ && !kept_) [[unlikely]] keep_reply(answered);
    if (!unmarshal(data, size)) return context_.failed("rpc reply", EBADMSG);
    if (sampled_) [[unlikely]] publish(answered - sent_ns_, now_ns() - answered);
    return Outcome::done;
  }

  void finish_sending() { socket_.finish_sending(); }

 private:
  /// Of messages too small to say that their latency is taken, one in so many is sampled.
  static constexpr std::uint32_t kSmallSpacing = 256;

  bool samples(const std::byte* data, std::size_t size) const {
    if (!context_.settings().stats) return false;
    return carries_time(size) ? read_header(data, size).sent_ns != 0 : xid_ % kSmallSpacing == 1;
  }

  void marshal(rpc::BytesView argument) {
    socket_.begin(call_);
    rpc::put_call(call_, {xid_, rpc::kProgram, rpc::kVersion, static_cast<std::uint32_t>(procedure_)});
    switch (procedure_) {
      case rpc::ProcedureNumber::sum:
        numbers_.assign(numbers_for(argument.size()), 0);
        std::memcpy(numbers_.data(), argument.data(), argument.size());
        rpc::put_numbers(call_, numbers_);
        return;
      case rpc::ProcedureNumber::describe:
        rpc::put_item(call_, {"message", "producer", argument});
        return;
      default:
        call_.put_opaque(argument);
    }
  }

  /// False for what is no reply with results to this call.
  bool unmarshal(std::byte* data, std::size_t size) {
    try {
      rpc::XdrDecoder in(socket_.message());
      const rpc::ReplyHeader reply = rpc::take_reply(in);
      if (reply.xid != xid_ || !reply.success()) return false;
      take_result(in, data, size);
      in.expect_end();
      return true;
    } catch (const rpc::XdrFailure&) {
      return false;
    } catch (const rpc::MessageFailure&) {
      return false;
    }
  }

  void take_result(rpc::XdrDecoder& in, std::byte* data, std::size_t size) {
    rpc::BytesView content;
    bool right = false;
    switch (procedure_) {
      case rpc::ProcedureNumber::sum:
        // The sum does not hold the message, but depends on all of it: when it is right, the message was.
        right = in.get_hyper() == rpc::sum_of(numbers_);
        content = std::as_bytes(std::span(numbers_)).first(size);
        break;
      case rpc::ProcedureNumber::describe: {
        const rpc::Description description = rpc::take_description(in);
        content = description.content;
        right = content.size() == size && description.bytes == size;
        break;
      }
      default:
        content = in.get_opaque(size);
        right = content.size() == size;
    }
    if (right) [[likely]] {
      std::memcpy(data, content.data(), size);
    } else {
      std::memset(data, 0, size);
    }
  }

  /// The first sampled call is kept, to be looked at.
  [[gnu::noinline]] void keep_call() {
    CallSample::Side& call = context_.page().call_sample.call;
    call = {};
    call.add(call_.bytes());
  }

  [[gnu::noinline]] void keep_reply(std::uint64_t answered) {
    CallSample& sample = context_.page().call_sample;
    sample.reply.add(socket_.mark());
    sample.reply.add(socket_.message());
    sample.at_ns = answered;
    // release: whoever sees it sees all that was kept.
    sample.ready.store(1, std::memory_order_release);
    kept_ = true;
  }

  /// `away_ns`: from the call's leaving to its reply; `unmarshal_ns`: of that reply.
  void publish(std::uint64_t away_ns, std::uint64_t unmarshal_ns) {
    const std::uint64_t server_marshal = times_.server_marshal_ns.get();
    const std::uint64_t server_unmarshal = times_.server_unmarshal_ns.get();
    const std::uint64_t execute = times_.server_execute_ns.get();
    const std::uint64_t server = server_marshal + server_unmarshal + execute;
    const std::uint64_t version = times_.version.load(std::memory_order_relaxed);
    times_.version.store(version + 1, std::memory_order_relaxed);
    // Whoever sees one of the totals below sees the odd version too.
    std::atomic_thread_fence(std::memory_order_release);
    times_.marshal_ns.set(times_.marshal_ns.get() + marshal_ns_ + server_marshal);
    times_.transport_ns.set(times_.transport_ns.get() + (away_ns > server ? away_ns - server : 0));
    times_.execute_ns.set(times_.execute_ns.get() + execute);
    times_.unmarshal_ns.set(times_.unmarshal_ns.get() + unmarshal_ns + server_unmarshal);
    // release: whoever sees this version sees its totals.
    times_.version.store(version + 2, std::memory_order_release);
  }

  PeerContext& context_;
  CallTimes& times_;
  RpcSocket socket_;
  rpc::ProcedureNumber procedure_;
  rpc::XdrEncoder call_;
  std::vector<std::int64_t> numbers_;
  std::uint32_t xid_ = 0;
  bool sampled_ = false;
  bool kept_ = false;
  std::uint64_t marshal_ns_ = 0;
  std::uint64_t sent_ns_ = 0;
};

class RpcServerChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  explicit RpcServerChannel(PeerContext& context)
      : context_(context),
        times_(context.page().call_times),
        socket_(context, rpc::framing_of(context.settings())),
        procedure_(rpc::procedure_of(context.settings())) {}

  /// Waits for a call and unmarshals its argument.
  template <bool Logged>
  Outcome receive(std::byte* data, std::size_t size) {
    const Outcome outcome = socket_.receive<Logged>();
    if (outcome != Outcome::done) return outcome;
    const std::uint32_t sampled_xid = times_.sampled_xid.load(std::memory_order_acquire);
    sampled_ = sampled_xid != 0 && first_word(socket_.message()) == sampled_xid;
    const std::uint64_t start = sampled_ ? now_ns() : 0;
    if (!unmarshal(data, size)) return context_.failed("rpc call", EBADMSG);
    if (sampled_) [[unlikely]] {
      unmarshalled_ns_ = now_ns();
      times_.server_unmarshal_ns.set(unmarshalled_ns_ - start);
    }
    return Outcome::done;
  }

  /// Executes the call, marshals the results and sends them. What the consumer did with the message since it came
  /// (checking it, its delay) is part of the execution.
  template <bool Logged>
  Outcome send(const std::byte* data, std::size_t size) {
    socket_.begin(reply_);
    const rpc::BytesView argument(data, size);
    std::int64_t sum = 0;
    rpc::Description description;
    if (procedure_ == rpc::ProcedureNumber::sum) sum = rpc::sum_of(numbers_);
    if (procedure_ == rpc::ProcedureNumber::describe) {
      item_.content = argument;
      description = rpc::description_of(item_);
    }
    const std::uint64_t executed = sampled_ ? now_ns() : 0;
    rpc::put_reply(reply_, rpc::accepted(xid_, rpc::AcceptStatus::success));
    switch (procedure_) {
      case rpc::ProcedureNumber::sum:
        reply_.put_hyper(sum);
        break;
      case rpc::ProcedureNumber::describe:
        rpc::put_description(reply_, description);
        break;
      default:
        reply_.put_opaque(argument);
    }
    if (sampled_) [[unlikely]] {
      times_.server_execute_ns.set(executed - unmarshalled_ns_);
      times_.server_marshal_ns.set(now_ns() - executed);
    }
    return socket_.send<Logged>(reply_);
  }

  void finish_sending() { socket_.finish_sending(); }

 private:
  static std::uint32_t first_word(rpc::BytesView message) {
    return message.size() < 4 ? 0 : rpc::XdrDecoder(message).get_unsigned();
  }

  /// False for what is no call of this session's procedure with a message of its size.
  bool unmarshal(std::byte* data, std::size_t size) {
    try {
      rpc::XdrDecoder in(socket_.message());
      const auto taken = rpc::take_call(in);
      const auto* call = std::get_if<rpc::CallHeader>(&taken);
      if (call == nullptr || call->program != rpc::kProgram || call->version != rpc::kVersion ||
          call->procedure != static_cast<std::uint32_t>(procedure_)) {
        return false;
      }
      xid_ = call->xid;
      const rpc::BytesView argument = take_argument(in, size);
      in.expect_end();
      if (argument.size() != size) return false;
      std::memcpy(data, argument.data(), size);
      return true;
    } catch (const rpc::XdrFailure&) {
      return false;
    }
  }

  rpc::BytesView take_argument(rpc::XdrDecoder& in, std::size_t size) {
    switch (procedure_) {
      case rpc::ProcedureNumber::sum:
        numbers_ = rpc::take_numbers(in);
        if (numbers_.size() != numbers_for(size)) return {};
        return std::as_bytes(std::span(numbers_)).first(size);
      case rpc::ProcedureNumber::describe:
        item_ = rpc::take_item(in);
        return item_.content;
      default:
        return in.get_opaque(size);
    }
  }

  PeerContext& context_;
  CallTimes& times_;
  RpcSocket socket_;
  rpc::ProcedureNumber procedure_;
  rpc::XdrEncoder reply_;
  std::vector<std::int64_t> numbers_;
  rpc::Item item_;
  std::uint32_t xid_ = 0;
  bool sampled_ = false;
  std::uint64_t unmarshalled_ns_ = 0;
};

}  // namespace ipc
