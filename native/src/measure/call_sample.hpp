/// The bytes of one remote call and of its reply, kept to be looked at; in shared memory, written by the client and read by the
/// supervisor.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ipc {

struct CallSample {
  struct Side {
    /// Of the whole message, bytes.
    std::uint64_t total = 0;
    /// Its beginning.
    std::array<std::byte, 512> bytes{};

    std::span<const std::byte> kept() const { return std::span(bytes).first(std::min<std::size_t>(total, bytes.size())); }

    /// Takes the next piece of the message.
    void add(std::span<const std::byte> piece) {
      const std::size_t at = std::min<std::size_t>(total, bytes.size());
      std::copy_n(piece.begin(), std::min(piece.size(), bytes.size() - at), bytes.begin() + static_cast<std::ptrdiff_t>(at));
      total += piece.size();
    }
  };

  Side call;
  Side reply;
  /// When the reply was there, CLOCK_MONOTONIC.
  std::uint64_t at_ns = 0;
  /// Nothing changes any more.
  std::atomic<std::uint32_t> ready{0};
};

}  // namespace ipc
