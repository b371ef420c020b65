/// A broadcast over channels of which each reaches one consumer.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "peer/context.hpp"

namespace ipc {

/// Sends every message to every consumer, one after the other; for the producer of a broadcast.
template <class Channel>
class BroadcastOver {
 public:
  static constexpr bool kUnordered = Channel::kUnordered;
  static constexpr bool kCounts = false;

  /// A channel for each consumer.
  explicit BroadcastOver(std::vector<Channel> channels) : channels_(std::move(channels)) {}

  template <bool Logged>
  Outcome send(const std::byte* data, std::size_t size) {
    for (Channel& channel : channels_) {
      const Outcome outcome = channel.template send<Logged>(data, size);
      if (outcome != Outcome::done) [[unlikely]] return outcome;
    }
    return Outcome::done;
  }

  /// A producer of a broadcast gets no answers.
  template <bool Logged>
  Outcome receive(std::byte*, std::size_t) {
    return Outcome::closed;
  }

  void finish_sending() {
    for (Channel& channel : channels_) channel.finish_sending();
  }

 private:
  std::vector<Channel> channels_;
};

}  // namespace ipc
