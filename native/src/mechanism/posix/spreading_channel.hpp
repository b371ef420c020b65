/// Sends each message over one of several connections, in turn; where one is full, over the next that is not.
#pragma once

#include <poll.h>
#include <sys/types.h>

#include <cerrno>
#include <cstddef>
#include <vector>

#include "peer/context.hpp"

namespace ipc {

/// `Calls` as for FdChannel, with `put_now`, which answers EAGAIN rather than wait.
///
/// A connection may take the beginning of a message and no more. The rest is kept here, as a server would, and leaves when
/// there is room: whoever is slow does not hold the others up. At most one message of each connection is kept so.
template <class Calls>
class SpreadingChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  /// `fds`: one or more.
  SpreadingChannel(PeerContext& context, const std::vector<int>& fds) : context_(context), rests_(fds.size()) {
    for (const int fd : fds) entries_.push_back({fd, POLLOUT, 0});
  }

  template <bool Logged>
  Outcome send(const std::byte* data, std::size_t size) {
    if (unfinished_ != 0) [[unlikely]] return send_to_any(data, size, Attempt::untried);
    const int fd = entries_[turn_].fd;
    const ssize_t put =
        traced<Logged>(context_, Calls::kPut, fd, size, [&] { return Calls::put_now(fd, data, size); });
    if (put == static_cast<ssize_t>(size)) [[likely]] {
      pass_turn();
      return Outcome::done;
    }
    return send_to_any(data, size, judge(data, size, put));
  }

  /// A producer of a stream gets no answers.
  template <bool Logged>
  Outcome receive(std::byte*, std::size_t) {
    return Outcome::closed;
  }

  /// Before the sender waits, what goes now; before it stands still, all of it.
  void flush() {
    if (unfinished_ != 0) [[unlikely]] send_rests(context_.orders_changed());
  }

  void finish_sending() {
    send_rests(true);
    for (const pollfd& entry : entries_) Calls::half_close(entry.fd);
  }

 private:
  struct Rest {
    std::vector<std::byte> bytes{};
    std::size_t sent = 0;
    bool left() const { return sent < bytes.size(); }
  };
  enum class Attempt { untried, sent, full, closed, failed };

  void pass_turn() {
    if (++turn_ == entries_.size()) turn_ = 0;
  }

  /// What the answer of the call on the connection whose turn it is means; passes the turn on when it is over.
  [[gnu::noinline]] Attempt judge(const std::byte* data, std::size_t size, ssize_t put) {
    if (put >= 0) {
      if (put < static_cast<ssize_t>(size)) {
        rests_[turn_].bytes.assign(data + put, data + size);
        rests_[turn_].sent = 0;
        ++unfinished_;
      }
      pass_turn();
      return Attempt::sent;
    }
    const int error = errno;
    if (error == EINTR) return Attempt::untried;
    context_.log_error(Calls::kPut, entries_[turn_].fd, size, put, error);
    if (error == EAGAIN) {
      context_.count_would_block();
      pass_turn();
      return Attempt::full;
    }
    const bool gone = error == EPIPE || error == ECONNRESET;
    gone ? context_.broken(error) : context_.failed(Calls::kPutName, error);
    return gone ? Attempt::closed : Attempt::failed;
  }

  /// `first`: how it went with the connection whose turn it was.
  [[gnu::noinline]] Outcome send_to_any(const std::byte* data, std::size_t size, Attempt first) {
    std::size_t full = 0;
    for (Attempt attempt = first;;) {
      if (attempt == Attempt::sent) return Outcome::done;
      if (attempt == Attempt::closed) return Outcome::closed;
      if (attempt == Attempt::failed) return Outcome::failed;
      if (attempt == Attempt::full && ++full == entries_.size()) {
        if (!await_room()) return context_.failed("poll", errno);
        full = 0;
      }
      // The usual call is the one that succeeds.
      if (attempt != Attempt::untried) context_.count_extra_call();
      if (rests_[turn_].left() && !send_rest(turn_)) {
        pass_turn();
        attempt = Attempt::full;
        continue;
      }
      attempt = judge(data, size, Calls::put_now(entries_[turn_].fd, data, size));
    }
  }

  /// Whether nothing is left of the message that connection number `index` was given in part.
  bool send_rest(std::size_t index) {
    Rest& rest = rests_[index];
    context_.count_extra_call();
    const ssize_t put =
        Calls::put_now(entries_[index].fd, rest.bytes.data() + rest.sent, rest.bytes.size() - rest.sent);
    if (put > 0) rest.sent += static_cast<std::size_t>(put);
    if (put < 0 && errno == EAGAIN) context_.count_would_block();
    // Whoever is gone does not need it; the next message will tell.
    if (put < 0 && errno != EAGAIN && errno != EINTR) rest.sent = rest.bytes.size();
    if (rest.left()) return false;
    --unfinished_;
    return true;
  }

  /// `wait`: until all are sent.
  [[gnu::noinline]] void send_rests(bool wait) {
    do {
      std::vector<pollfd> unsent;
      for (std::size_t i = 0; i < rests_.size(); ++i) {
        if (rests_[i].left() && !send_rest(i)) unsent.push_back(entries_[i]);
      }
      if (!wait || unsent.empty()) return;
      context_.count_wait();
      context_.count_extra_call();
      poll(unsent.data(), unsent.size(), -1);
    } while (unfinished_ != 0);
  }

  /// Sleeps until a connection has room, and gives it the turn.
  bool await_room() {
    context_.count_wait();
    int ready = 0;
    do {
      context_.count_extra_call();
      ready = poll(entries_.data(), entries_.size(), -1);
    } while (ready < 0 && errno == EINTR);
    if (ready <= 0) return false;
    while (entries_[turn_].revents == 0) pass_turn();
    return true;
  }

  PeerContext& context_;
  std::vector<pollfd> entries_;
  /// One for each connection.
  std::vector<Rest> rests_;
  /// Connections that have a rest.
  std::size_t unfinished_ = 0;
  /// Whose turn it is.
  std::size_t turn_ = 0;
};

}  // namespace ipc
