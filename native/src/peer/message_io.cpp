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

Found MessageChecker::check_sender(const Header& header, bool intact) {
  const std::uint64_t sender = header.sequence >> kSenderShift;
  if (sender >= sequences_.size()) {
    // Nobody's number: where writes of several mix, a header may be made of any bytes.
    ++sequences_.front().counts().corrupt;
    publish();
    return Found::bad;
  }
  SequenceCheck& sequence = sequences_[sender];
  if (intact && (shared_ ? sequence.follow(header.sequence) : sequence.check(header.sequence))) return Found::good;
  return irregular(header, intact, sequence);
}

Found MessageChecker::irregular(const Header& header, bool intact, SequenceCheck& sequence) {
  IntegrityCounts& counts = sequence.counts();
  Found found = Found::bad;
  if (!intact) {
    // Without order a damaged message is one that was read while it was being written.
    ++(unordered_ ? counts.torn : counts.corrupt);
    // Its number cannot be relied on, unless it is just the one that was due.
    const std::uint64_t number = plain_ ? header.sequence : header.sequence << 8 >> 8;
    if (!shared_ && number == sequence.expected()) sequence.check(number);
  } else if (plain_ && counts.duplicated != duplicated_before_) {
    found = Found::repeated;
  } else {
    found = Found::good;  // late or after a gap, but whole
  }
  duplicated_before_ = counts.duplicated;
  publish();
  return found;
}

void MessageChecker::count_cut() {
  if (verify_ == Verify::none) return;
  ++sequences_.front().counts().corrupt;
  publish();
}

void MessageChecker::publish() {
  IntegrityCounts counts;
  for (const SequenceCheck& sequence : sequences_) counts += sequence.counts();
  slot_.lost.set(counts.lost);
  slot_.corrupt.set(counts.corrupt);
  slot_.torn.set(counts.torn);
  slot_.duplicated.set(counts.duplicated);
  slot_.reordered.set(counts.reordered);
}

void MessageChecker::finish() {
  std::uint64_t expected = 0;
  for (const SequenceCheck& sequence : sequences_) expected += sequence.expected();
  slot_.expected.set(expected);
}

}  // namespace ipc
