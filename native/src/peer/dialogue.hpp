/// A peer of a dialogue: says what the supervisor hands it, and hears what the other one says.
#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "measure/checksum.hpp"
#include "measure/integrity.hpp"
#include "measure/message.hpp"
#include "peer/context.hpp"
#include "protocol/utterance.hpp"

namespace ipc {

/// What a peer of a dialogue counts and checks, apart from its channel.
class Conversation {
 public:
  explicit Conversation(PeerContext& context);

  /// The next line to say, as a message in `buffer`; 0 bytes when there will be no more.
  std::size_t next_to_say(std::byte* buffer);
  void said(std::size_t bytes);

  /// Whether a message of this header can be one of ours.
  bool plausible(const Header& header) const;
  /// Takes a message that has arrived whole, and tells the supervisor of it.
  void heard(const std::byte* message, const Header& header, std::size_t bytes);

  /// Bytes of a message on a channel that keeps borders.
  std::size_t message_bytes() const { return static_cast<std::size_t>(context_.settings().size_bytes); }
  int talk_fd() const { return talk_fd_; }

 private:
  void count(std::size_t bytes);

  PeerContext& context_;
  int talk_fd_;
  Verify verify_;
  SequenceCheck sequence_{64};
  std::uint64_t next_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t bytes_ = 0;
};

/// Sends one message. A stream of bytes has no borders, so each begins with the header that every message has, whose
/// `length` tells where it ends: a text may then hold any character, which a line end as border would forbid. Where the
/// system keeps messages apart, its queues and sockets carry those of one size, and the rest of it is noughts.
template <class Channel>
Outcome say(Channel& channel, Conversation& conversation, std::byte* buffer, std::size_t bytes) {
  std::size_t size = bytes;
  if constexpr (Channel::kKeepsBorders) {
    size = conversation.message_bytes();
    std::memset(buffer + bytes, 0, size - bytes);
  }
  const Outcome outcome = channel.template send<true>(buffer, size);
  if (outcome == Outcome::done) conversation.said(size);
  return outcome;
}

/// Takes one message; the channel is readable.
template <class Channel>
Outcome hear(PeerContext& context, Channel& channel, Conversation& conversation, std::byte* buffer) {
  std::size_t size = kHeaderBytes;
  if constexpr (Channel::kKeepsBorders) size = conversation.message_bytes();
  Outcome outcome = channel.template receive<true>(buffer, size);
  if (outcome != Outcome::done) return outcome;
  context.count_extra_call();
  const Header header = read_header(buffer, kHeaderBytes);
  if (!conversation.plausible(header)) return context.failed("a message of the dialogue", EBADMSG);
  if constexpr (!Channel::kKeepsBorders) {
    outcome = channel.template receive<true>(buffer + kHeaderBytes, header.length - kHeaderBytes);
    if (outcome != Outcome::done) return outcome;
    context.count_extra_call();
    size = header.length;
  }
  conversation.heard(buffer, header, size);
  return Outcome::done;
}

/// Says and hears, whatever comes first, until there is nothing more of either. Sleeps in poll(2) meanwhile. As long as it
/// speaks, the supervisor wakes it by closing its socket; after that it looks now and then whether anybody is left, because
/// nothing tells a queue or a datagram socket that the other end is gone.
template <class Channel>
Outcome converse(PeerContext& context, Channel& channel) {
  Conversation conversation(context);
  alignas(64) std::array<std::byte, kMaxUtteranceMessage> buffer;
  constexpr int kLookMs = 50;
  bool speaks = true;
  bool hears = true;
  context.ready();
  while (speaks || hears) {
    pollfd entries[] = {{speaks ? conversation.talk_fd() : -1, POLLIN, 0},
                        {hears ? channel.readable_fd() : -1, POLLIN, 0}};
    context.count_extra_call();
    const int ready = traced<true>(context, CallName::poll, channel.readable_fd(), 0,
                                   [&] { return poll(entries, 2, speaks ? -1 : kLookMs); });
    if (ready < 0 && errno != EINTR) return context.failed("poll", errno);
    if (context.abandoned()) return Outcome::closed;
    if (ready < 0) continue;
    if (entries[1].revents != 0) {
      const Outcome outcome = hear(context, channel, conversation, buffer.data());
      // The other one may still listen.
      if (outcome == Outcome::closed) {
        hears = false;
      } else if (outcome != Outcome::done) {
        return outcome == Outcome::cut ? context.failed("recv", EBADMSG) : outcome;
      }
    }
    if (entries[0].revents != 0) {
      const std::size_t bytes = conversation.next_to_say(buffer.data());
      if (bytes == 0) {
        speaks = false;
        channel.finish_sending();
        continue;
      }
      const Outcome outcome = say(channel, conversation, buffer.data(), bytes);
      if (outcome != Outcome::done) return outcome;
      context.count_extra_call();
    }
  }
  return Outcome::done;
}

}  // namespace ipc
