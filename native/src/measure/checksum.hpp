/// The checksum and the payload of `verify full`.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ipc {

/// CRC32C (Castagnoli) taken in four interleaved lanes of 8-byte words, the lanes' values then being checksummed
/// themselves with what is left over: an instruction-level parallel form that keeps CRC's sensitivity to every bit.
/// Not the standard CRC32C of the bytes for sizes of 32 and more.
std::uint32_t checksum(const std::byte* data, std::size_t size);

/// The same by tables, for machines without SSE4.2; public so that a test can hold the two together.
std::uint32_t checksum_portable(const std::byte* data, std::size_t size);

/// Fills a payload with words that depend on the sequence number and on the place, so that bytes of another message or
/// of another place are found.
void fill_payload(std::byte* data, std::size_t size, std::uint64_t sequence);

}  // namespace ipc
