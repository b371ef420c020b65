/// The resolved settings of a session, as they lie in the stats page for the peers to read.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace ipc {

/// A string of at most N - 1 bytes without a pointer, because it crosses a process border in shared memory.
template <std::size_t N>
struct FixedText {
  char bytes[N] = {};

  void assign(std::string_view text) {
    const std::size_t length = std::min(text.size(), N - 1);
    std::memcpy(bytes, text.data(), length);
    std::memset(bytes + length, 0, N - length);
  }
  std::string_view view() const { return {bytes, ::strnlen(bytes, N)}; }
  static constexpr std::size_t capacity() { return N - 1; }
};

using Text = FixedText<256>;

struct Settings {
  Text mechanism;
  Text variant;
  Text pattern;
  Text sync;
  /// The sort of object where a mechanism has several: `datagram`, `sysv` …
  Text kind;
  /// How an object is named where there are several ways: `abstract`, `path`.
  Text address;
  /// Of shared memory: whether messages are stored between sender and receiver, or handed over from one to the other.
  Text buffering;
  /// The procedure that a remote call names.
  Text procedure;
  /// How a receiver waits for its descriptor: `call`, `poll`, `epoll`; empty where there is nothing to choose.
  Text receive;
  Text verify;
  Text placement;
  std::uint64_t size_bytes = 0;
  /// Processes of each role; 0 before they are resolved: as the pattern has it.
  std::uint64_t producers = 0;
  std::uint64_t consumers = 0;
  /// 0: no bound.
  std::uint64_t messages = 0;
  /// 0: no bound.
  std::uint64_t duration_ms = 0;
  std::uint64_t warmup_ms = 0;
  /// 0: as fast as it goes.
  std::uint64_t rate_per_s = 0;
  /// 0: what the system gives.
  std::uint64_t capacity_bytes = 0;
  /// The same, of mechanisms whose system counts in messages.
  std::uint64_t capacity_messages = 0;
  /// Of every message, where the system orders messages by it.
  std::uint64_t priority = 0;
  std::uint64_t consumer_delay_us = 0;
  std::uint64_t tick_ms = 0;
  bool blocking = true;
  bool stats = true;
  /// Nobody chooses the size of a message: the system does.
  bool fixed_size = false;

  bool pingpong() const { return pattern.view() == "pingpong"; }
  /// Two people's lines, typed while the session runs.
  bool dialogue() const { return pattern.view() == "dialogue"; }
  /// Messages go both ways.
  bool two_way() const { return pingpong() || dialogue(); }
  /// Every message goes to every consumer.
  bool broadcast() const { return pattern.view() == "broadcast"; }
  /// Several consumers take from one channel, each message going to one of them: what one of them sees has gaps.
  bool shared_channel() const { return consumers > 1 && !broadcast(); }
  /// Nothing is stored: whoever sends waits until the message was taken.
  bool rendezvous() const { return buffering.view() == "rendezvous"; }
  unsigned processes() const { return static_cast<unsigned>(producers + consumers); }
  bool plain() const { return variant.view() == "plain"; }
  bool tuned() const { return variant.view() == "tuned"; }
  /// A receiver asks whether something is there before it makes the call that takes it. (The peers of a dialogue always do,
  /// in a way of their own.)
  bool polled() const { return (receive.view() == "poll" || receive.view() == "epoll") && !dialogue(); }
};
static_assert(std::is_trivially_copyable_v<Settings>);

enum class Verify : std::uint8_t { none, sequence, full };

inline Verify verify_of(const Settings& settings) {
  if (settings.verify.view() == "none") return Verify::none;
  return settings.verify.view() == "full" ? Verify::full : Verify::sequence;
}

constexpr const char* name_of(Verify verify) {
  return verify == Verify::none ? "none" : verify == Verify::full ? "full" : "sequence";
}

}  // namespace ipc
