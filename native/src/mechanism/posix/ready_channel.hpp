/// A channel whose receiver asks which of its descriptors are ready, and takes one message from each of those before it
/// asks again: no connection starves, however fast another one is, and none that is slow holds the others up.
#pragma once

#include <sys/types.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <optional>
#include <vector>

#include "mechanism/posix/fd_channel.hpp"
#include "peer/context.hpp"

namespace ipc {

/// Calls on a descriptor that keeps the borders of messages.
template <class Calls>
concept KeepsBorders = requires { requires Calls::kRecords; };

/// What the loops are told of a channel over such calls.
template <class Calls>
struct Borders {};
template <KeepsBorders Calls>
struct Borders<Calls> {
  static constexpr bool kLossy = false;
};

/// `Calls` as for FdChannel, with `take_now`, which answers EAGAIN rather than wait. `Readiness` as PollReadiness.
template <class Calls, class Readiness>
class ReadyChannel : public Borders<Calls> {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  /// `out`: where to send, -1 for nowhere; `in`: where to receive, one or more.
  ReadyChannel(PeerContext& context, int out, const std::vector<int>& in)
      : context_(context), sender_(context, {out, -1}), open_(in.size()), alone_(in.size() == 1) {
    for (const int fd : in) {
      sources_.push_back({fd});
      readiness_.add(fd);
    }
  }

  template <bool Logged>
  Outcome send(const std::byte* data, std::size_t size) {
    return sender_.template send<Logged>(data, size);
  }

  /// Receives exactly `size` bytes of one sender; `closed` when all of them have closed, `cut` for a message of another
  /// size.
  template <bool Logged>
  Outcome receive(std::byte* data, std::size_t size) {
    for (;;) {
      if (readiness_.left() == 0) {
        if (open_ == 0) return Outcome::closed;
        if (readiness_.template await<Logged>(context_, -1) < 0) [[unlikely]] {
          return context_.failed(readiness_.failed_call(), errno);
        }
      }
      const std::size_t index = readiness_.next();
      Source& source = sources_[index];
      std::byte* const to = alone_ ? data + source.got : source.got == 0 ? data : source.part.data() + source.got;
      const std::size_t wanted = size - source.got;
      const ssize_t taken = traced<Logged>(context_, Calls::kTake, source.fd, wanted,
                                           [&] { return Calls::take_now(source.fd, to, wanted); });
      if (taken == static_cast<ssize_t>(size)) [[likely]] return Outcome::done;
      const std::optional<Outcome> outcome = taken > 0 ? take_part(source, data, size, static_cast<std::size_t>(taken))
                                                       : take_nothing(index, wanted, taken);
      if (outcome) return *outcome;
    }
  }

  void finish_sending() { sender_.finish_sending(); }

 private:
  struct Source {
    int fd;
    /// Bytes of its next message that are there. They lie in `part` until the rest comes, since meanwhile the receiver's
    /// buffer is another sender's; with one sender they lie where they belong.
    std::size_t got = 0;
    std::vector<std::byte> part{};
  };

  /// Nothing: go on with the next source.
  [[gnu::noinline]] std::optional<Outcome> take_part(Source& source, std::byte* data, std::size_t size, std::size_t taken) {
    if constexpr (KeepsBorders<Calls>) return Outcome::cut;
    if (!alone_ && source.got == 0) {
      source.part.resize(size);
      std::memcpy(source.part.data(), data, taken);
    }
    source.got += taken;
    if (source.got < size) {
      context_.count_extra_call();
      return std::nullopt;
    }
    if (!alone_) std::memcpy(data, source.part.data(), size);
    source.got = 0;
    return Outcome::done;
  }

  [[gnu::noinline]] std::optional<Outcome> take_nothing(std::size_t index, std::size_t wanted, ssize_t taken) {
    const Source& source = sources_[index];
    if (taken == 0) {
      close(index);
      return std::nullopt;
    }
    const int error = errno;
    context_.count_extra_call();
    if (error == EINTR) return std::nullopt;
    context_.log_error(Calls::kTake, source.fd, wanted, taken, error);
    if (error == EAGAIN) {
      // Another receiver of the same descriptor was faster.
      context_.count_would_block();
      return std::nullopt;
    }
    if (error != ECONNRESET) return context_.failed(Calls::kTakeName, error);
    context_.broken(error);
    close(index);
    return std::nullopt;
  }

  void close(std::size_t index) {
    readiness_.remove(index);
    --open_;
  }

  PeerContext& context_;
  FdChannel<Calls> sender_;
  Readiness readiness_;
  std::vector<Source> sources_;
  /// Sources that have not closed.
  std::size_t open_;
  bool alone_;
};

}  // namespace ipc
