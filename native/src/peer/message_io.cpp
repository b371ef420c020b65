#include "peer/message_io.hpp"

namespace ipc {

bool MessageChecker::content_intact(const std::byte* message, const Header& header) const {
  if (header.length != size_) return false;
  if (verify_ == Verify::full) {
    if (size_ < kHeaderBytes) return true;
    const std::uint32_t payload = checksum(message + kHeaderBytes, size_ - kHeaderBytes);
    return header.checksum == sealed(payload, header.sequence, header.sent_ns);
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
    sequences_.front().foreign();
    tell(sequences_.front());
    return Found::bad;
  }
  SequenceCheck& sequence = sequences_[sender];
  if (intact && (shared_ ? sequence.follow(header.sequence) : sequence.check(header.sequence))) return Found::good;
  return irregular(header, intact, sequence);
}

Found MessageChecker::irregular(const Header& header, bool intact, SequenceCheck& sequence) {
  if (!intact) {
    // Without order a damaged message is one that was read while it was being written; it may be read again whole.
    sequence.damaged(unordered_ ? FaultKind::torn : FaultKind::corrupt, header.sequence);
    tell(sequence);
    return Found::bad;
  }
  // Late or after a gap, but whole.
  return tell(sequence) && plain_ ? Found::repeated : Found::good;
}

void MessageChecker::count_cut() {
  if (verify_ == Verify::none) return;
  sequences_.front().foreign();
  tell(sequences_.front());
}

bool MessageChecker::tell(SequenceCheck& sequence) {
  bool repeated = false;
  const auto sender = static_cast<std::uint32_t>(&sequence - sequences_.data());
  sequence.take_findings([&](const Finding& found) {
    repeated = repeated || found.kind == FaultKind::duplicated;
    if (!slot_.faults.wants(found.kind)) return;
    slot_.faults.push({found.kind, sender, found.sequence, found.expected, found.missing, now_ns()});
  });
  IntegrityCounts counts;
  for (const SequenceCheck& each : sequences_) counts += each.counts();
  slot_.lost.set(counts.lost);
  slot_.corrupt.set(counts.corrupt);
  slot_.torn.set(counts.torn);
  slot_.duplicated.set(counts.duplicated);
  slot_.reordered.set(counts.reordered);
  return repeated;
}

void MessageChecker::finish() {
  std::uint64_t expected = 0;
  for (SequenceCheck& sequence : sequences_) {
    sequence.finish();
    tell(sequence);
    expected += sequence.expected();
  }
  slot_.expected.set(expected);
}

}  // namespace ipc
