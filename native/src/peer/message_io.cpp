#include "peer/message_io.hpp"

namespace ipc {

bool MessageChecker::content_intact(const std::byte* message, const Header& header) const {
  if (header.length != size_) return false;
  if (verify_ == Verify::full) {
    if (size_ <= kHeaderBytes) return true;
    return header.checksum == checksum(message + kHeaderBytes, size_ - kHeaderBytes);
  }
  if (size_ < kTailStampBytes) return true;
  std::uint64_t stamp;
  std::memcpy(&stamp, message + size_ - 8, sizeof stamp);
  return stamp == header.sequence;
}

Found MessageChecker::irregular(const Header& header, bool intact) {
  IntegrityCounts& counts = sequence_.counts();
  Found found = Found::bad;
  if (!intact) {
    // Without order a damaged message is one that was read while it was being written.
    ++(unordered_ ? counts.torn : counts.corrupt);
    // Its number cannot be relied on, unless it is just the one that was due.
    if (header.sequence == sequence_.expected()) sequence_.check(header.sequence);
  } else if (counts.duplicated != duplicated_before_) {
    found = Found::repeated;
  } else {
    found = Found::good;  // late or after a gap, but whole
  }
  duplicated_before_ = counts.duplicated;
  slot_.lost.set(counts.lost);
  slot_.corrupt.set(counts.corrupt);
  slot_.torn.set(counts.torn);
  slot_.duplicated.set(counts.duplicated);
  slot_.reordered.set(counts.reordered);
  return found;
}

}  // namespace ipc
