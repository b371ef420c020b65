#include "measure/checksum.hpp"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace ipc {

namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78;  // Castagnoli, reflected (RFC 3720, appendix B.4)

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? kPolynomial : 0);
    table[i] = value;
  }
  return table;
}
constexpr auto kTable = make_table();

constexpr std::uint32_t table_byte(std::uint32_t crc, std::uint8_t byte) {
  return (crc >> 8) ^ kTable[(crc ^ byte) & 0xFF];
}

std::uint64_t word_at(const std::byte* data) {
  std::uint64_t word;
  std::memcpy(&word, data, sizeof word);
  return word;
}

struct PortableStep {
  static std::uint64_t word(std::uint64_t crc, std::uint64_t word) {
    auto value = static_cast<std::uint32_t>(crc);
    for (int i = 0; i < 8; ++i) value = table_byte(value, static_cast<std::uint8_t>(word >> (8 * i)));
    return value;
  }
  static std::uint64_t byte(std::uint64_t crc, std::uint8_t byte) {
    return table_byte(static_cast<std::uint32_t>(crc), byte);
  }
};

// A macro, not a template: the intrinsics only inline into a function that has the target attribute itself.
#define IPC_CHECKSUM_BODY(WORD, BYTE)                                                     \
  std::uint64_t lanes[4] = {0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC};              \
  std::size_t at = 0;                                                                     \
  for (; at + 32 <= size; at += 32) {                                                     \
    lanes[0] = WORD(lanes[0], word_at(data + at));                                        \
    lanes[1] = WORD(lanes[1], word_at(data + at + 8));                                    \
    lanes[2] = WORD(lanes[2], word_at(data + at + 16));                                   \
    lanes[3] = WORD(lanes[3], word_at(data + at + 24));                                   \
  }                                                                                       \
  std::uint64_t crc = lanes[0];                                                           \
  for (int i = 1; i < 4; ++i) crc = WORD(crc, lanes[i]);                                  \
  for (; at + 8 <= size; at += 8) crc = WORD(crc, word_at(data + at));                    \
  for (; at < size; ++at) crc = BYTE(crc, static_cast<std::uint8_t>(data[at]));           \
  return static_cast<std::uint32_t>(crc) ^ 0xFFFFFFFF

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t checksum_sse42(const std::byte* data, std::size_t size) {
#define IPC_BYTE(crc, byte) _mm_crc32_u8(static_cast<std::uint32_t>(crc), byte)
  IPC_CHECKSUM_BODY(_mm_crc32_u64, IPC_BYTE);
#undef IPC_BYTE
}
#endif

}  // namespace

std::uint32_t checksum_portable(const std::byte* data, std::size_t size) {
  IPC_CHECKSUM_BODY(PortableStep::word, PortableStep::byte);
}

std::uint32_t checksum(const std::byte* data, std::size_t size) {
#if defined(__x86_64__)
  static const bool fast = __builtin_cpu_supports("sse4.2") != 0;
  if (fast) return checksum_sse42(data, size);
#endif
  return checksum_portable(data, size);
}

void fill_payload(std::byte* data, std::size_t size, std::uint64_t sequence) {
  // Odd constants of Weyl sequences (Knuth's golden ratio and another): neighbours differ in many bits.
  std::uint64_t word = (sequence + 1) * 0x9E3779B97F4A7C15ULL;
  std::size_t at = 0;
  for (; at + 8 <= size; at += 8) {
    std::memcpy(data + at, &word, sizeof word);
    word += 0xD1B54A32D192ED03ULL;
  }
  if (at < size) std::memcpy(data + at, &word, size - at);
}

}  // namespace ipc
