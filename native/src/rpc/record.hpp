/// Record marking (RFC 5531, section 11): a byte stream knows no messages, so each is sent as one or more fragments. A
/// fragment starts with a word whose highest bit marks the last one of a record and whose other 31 are its length.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "rpc/xdr.hpp"

namespace ipc::rpc {

inline constexpr std::size_t kRecordMarkBytes = 4;
inline constexpr std::uint32_t kLastFragment = 0x8000'0000;
inline constexpr std::uint32_t kMaxFragmentBytes = 0x7fff'ffff;

constexpr std::uint32_t record_mark(std::uint32_t length, bool last) { return length | (last ? kLastFragment : 0); }

/// The record as it travels, in fragments of at most `fragment_bytes` (1 to kMaxFragmentBytes). An empty record is one
/// empty fragment.
Bytes marked_record(BytesView record, std::size_t fragment_bytes = kMaxFragmentBytes);

/// A record that is longer than it may be.
struct RecordTooLong {
  std::size_t limit;
};

/// Puts a record together from a stream. It does no input itself, so that whoever uses it may wait as he likes: read into
/// `wanted`, tell how much came with `took`, and go on until that is true.
class RecordReader {
 public:
  /// `limit`: the longest record that is taken, bytes.
  explicit RecordReader(std::size_t limit) : limit_(limit) {}

  /// Where the next bytes of the stream belong; never empty.
  std::span<std::byte> wanted();

  /// Notes that the first `count` bytes of `wanted` have come; true when that made the record whole. It stays until
  /// bytes of the next one are taken. Throws RecordTooLong, before any memory is taken for it.
  bool took(std::size_t count);

  BytesView record() const { return {record_.data(), filled_}; }

  /// The mark of its last fragment.
  BytesView mark() const { return mark_; }

  /// Whether the stream may end here: between two records.
  bool between_records() const { return !inside_; }

 private:
  std::size_t limit_;
  std::array<std::byte, kRecordMarkBytes> mark_{};
  std::size_t mark_filled_ = 0;
  bool last_ = false;
  bool inside_ = false;
  /// Grows and never shrinks, because clearing memory for every record would cost more than reading it.
  Bytes record_;
  std::size_t filled_ = 0;
  std::size_t fragment_left_ = 0;
};

}  // namespace ipc::rpc
