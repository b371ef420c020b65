/// Send times of messages that have no room for them, kept beside the channel.
#pragma once

#include <atomic>
#include <cstdint>

namespace ipc {

/// From one producer to one consumer, in shared memory: only of the messages whose latency is taken, in their order. Nobody
/// waits for it: what does not fit is a sample less.
class SendTimes {
 public:
  static constexpr std::uint64_t kEntries = 4096;

  /// Before message `number` is sent at `sent_ns`.
  void keep(std::uint64_t number, std::uint64_t sent_ns) {
    const std::uint64_t at = kept_.load(std::memory_order_relaxed);
    // acquire: the consumer is done with the entry before it is filled again.
    if (at - taken_.load(std::memory_order_acquire) >= kEntries) return;
    entries_[at % kEntries] = {number, sent_ns};
    // release: whoever sees the new count sees the entry.
    kept_.store(at + 1, std::memory_order_release);
  }

  /// When message `number` was sent, ns; 0 where its time was not kept. Numbers that are asked for ascend.
  std::uint64_t take(std::uint64_t number) {
    std::uint64_t at = taken_.load(std::memory_order_relaxed);
    const std::uint64_t end = kept_.load(std::memory_order_acquire);
    if (at == end || entries_[at % kEntries].number > number) [[likely]] return 0;
    std::uint64_t sent_ns = 0;
    for (; at != end && entries_[at % kEntries].number <= number; ++at) {
      if (entries_[at % kEntries].number == number) sent_ns = entries_[at % kEntries].sent_ns;
    }
    taken_.store(at, std::memory_order_release);
    return sent_ns;
  }

 private:
  struct Entry {
    std::uint64_t number;
    std::uint64_t sent_ns;
  };

  alignas(64) std::atomic<std::uint64_t> kept_{0};
  alignas(64) std::atomic<std::uint64_t> taken_{0};
  alignas(64) Entry entries_[kEntries];
};

}  // namespace ipc
