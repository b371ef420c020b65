/// The lines of a dialogue, on their way between the supervisor and the peers that say and hear them.
#pragma once

#include <cstdint>
#include <string_view>

#include "measure/message.hpp"

namespace ipc {

/// The longest line, bytes of UTF-8.
inline constexpr std::size_t kMaxUtteranceBytes = 1000;
/// The longest message of a dialogue.
inline constexpr std::size_t kMaxUtteranceMessage = kHeaderBytes + kMaxUtteranceBytes;

/// What a peer tells of a line that has arrived; the text follows.
struct UtteranceReport {
  /// Which of the speaker's lines it is, from 0.
  std::uint64_t sequence;
  /// Of CLOCK_MONOTONIC.
  std::uint64_t sent_ns;
  std::uint64_t received_ns;
  /// Of the whole message.
  std::uint64_t bytes;
};

/// Refuses a line that is empty, longer than `most` bytes, no UTF-8, or has control characters in it: whoever reads it
/// shows it in a terminal. Throws Failure bad_command.
void check_utterance(std::string_view text, std::size_t most);

}  // namespace ipc
