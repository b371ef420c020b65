/// The 24-byte header of a message, and how it fits into sizes that are smaller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "measure/checksum.hpp"

namespace ipc {

struct Header {
  std::uint64_t sequence;
  /// When it was sent, or should have been under a rate; 0 where its latency is not taken.
  std::uint64_t sent_ns;
  std::uint32_t length;
  /// Of the payload and of the two numbers above; only under `verify full`.
  std::uint32_t checksum;
};
static_assert(sizeof(Header) == 24);

inline constexpr std::size_t kHeaderBytes = sizeof(Header);

/// The checksum of a message's payload with its number and time mixed in, so that damage to these is found too.
constexpr std::uint32_t sealed(std::uint32_t payload, std::uint64_t sequence, std::uint64_t sent_ns) {
  // Multiplication by an odd constant spreads every bit into the upper half (Knuth, volume 3, section 6.4).
  const std::uint64_t mixed = (sequence ^ (sent_ns << 32 | sent_ns >> 32)) * 0x9E37'79B9'7F4A'7C15ULL;
  return payload ^ static_cast<std::uint32_t>(mixed >> 32);
}

/// Whether a message of this size carries the time at which it was sent.
constexpr bool carries_time(std::size_t size) { return size >= 16; }

/// The least size that carries a whole sequence number, and with it the number of its sender.
inline constexpr std::size_t kWholeNumberBytes = 8;

/// Where several processes send, the top byte of a message's number says which of them did.
inline constexpr unsigned kSenderShift = 56;

/// How many low bits of the sequence number a message of this size carries.
constexpr unsigned sequence_bits(std::size_t size) { return size >= 8 ? 64 : static_cast<unsigned>(size) * 8; }

/// Whether two sequence numbers are the same, as far as a message of this size tells.
constexpr bool same_number(std::uint64_t one, std::uint64_t other, std::size_t size) {
  return ((one ^ other) << (64 - sequence_bits(size))) == 0;
}

/// Writes what fits of a header; the bytes behind it are left alone.
inline void write_header(std::byte* message, std::size_t size, const Header& header) {
  if (size >= kHeaderBytes) [[likely]] {
    std::memcpy(message, &header, kHeaderBytes);
  } else {
    std::memcpy(message, &header, size >= 16 ? 16 : size >= 8 ? 8 : size);
  }
}

/// Reads what fits of a header; what does not is 0, and `length` is then `size`.
inline Header read_header(const std::byte* message, std::size_t size) {
  Header header{0, 0, static_cast<std::uint32_t>(size), 0};
  if (size >= kHeaderBytes) [[likely]] {
    // Word by word: where the message was just written word by word, a wider load would have to wait until those stores have
    // left the store buffer.
    std::memcpy(&header.sequence, message, 8);
    asm("" : "+r"(header.sequence));  // keeps the compiler from joining both words into one vector
    std::memcpy(&header.sent_ns, message + 8, 8);
    std::memcpy(&header.length, message + 16, 4);
    std::memcpy(&header.checksum, message + 20, 4);
  } else {
    std::memcpy(&header, message, size >= 16 ? 16 : size >= 8 ? 8 : size);
  }
  return header;
}

}  // namespace ipc
