#include "peer/message_io.hpp"

namespace ipc {

namespace {

/// So many messages after a change none of those before it is under way any more: what is later counts as a duplicate.
constexpr std::uint64_t kUnderWay = 4096;
constexpr std::uint64_t kNumberBits = (std::uint64_t{1} << kSenderShift) - 1;

}  // namespace

void MessageChecker::turn(Verify verify, std::uint64_t messages) {
  if (verify == verify_) return;
  if (verify_ == Verify::none) {
    unwatched_ = messages - unwatched_from_;
    // Where consumers share a channel, numbers are left out at any time. Where nothing arrived, the next one is still due.
    if (!shared_ && unwatched_ != 0) joining_ = ~std::uint64_t{0} >> (64 - sequences_.size());
  } else if (verify == Verify::none) {
    for (SequenceCheck& sequence : sequences_) {
      sequence.finish();
      tell(sequence);
    }
    // Who was still to join has been without verification for longer.
    unwatched_from_ = joining_ != 0 ? messages - unwatched_ : messages;
  }
  verify_ = verify;
  quick_ = verify == Verify::sequence && !unordered_ && joining_ == 0;
}

bool MessageChecker::inspect(const std::byte* message, const Header& header) {
  const bool intact = content_intact(message, header) || made_otherwise(header);
  if (intact && joining_ != 0) [[unlikely]] join(header);
  return intact;
}

bool MessageChecker::made_otherwise(const Header& header) const {
  const std::uint64_t sender = header.sequence >> kSenderShift;
  if (senders_ == nullptr || header.length != size_ || sender >= sequences_.size()) return false;
  // acquire: goes with the release of the sender, who told it before the message left.
  const Making making = Making::unpacked(senders_[sender].making.load(std::memory_order_acquire));
  if (making.verify != verify_) return true;
  return (header.sequence & kNumberBits) < making.since && sequences_[sender].expected() <= making.since + kUnderWay;
}

void MessageChecker::join(const Header& header) {
  const std::uint64_t sender = plain_ ? 0 : header.sequence >> kSenderShift;
  if (sender >= sequences_.size() || (joining_ >> sender & 1) == 0) return;
  SequenceCheck& sequence = sequences_[sender];
  std::uint64_t number = plain_ ? header.sequence : header.sequence & kNumberBits;
  if (plain_ && sequence_bits(size_) < 64) {
    // Of a number that travels in part: the one next to what has arrived.
    const unsigned shift = 64 - sequence_bits(size_);
    const std::uint64_t due = sequence.expected() + unwatched_;
    number = due + static_cast<std::uint64_t>(static_cast<std::int64_t>((number - due) << shift) >> shift);
  }
  // One from before the pause in verifying is late: it does not tell what is due now.
  if (number < sequence.expected()) return;
  sequence.resume_at(number);
  joining_ &= ~(std::uint64_t{1} << sender);
  quick_ = verify_ == Verify::sequence && !unordered_ && joining_ == 0;
}

bool MessageChecker::content_intact(const std::byte* message, const Header& header) const {
  if (header.length != size_) return false;
  if (verify_ == Verify::sequence && !unordered_) return true;
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
  slot_.unfollowed.set(joining_ != 0 ? 1 : 0);
}

}  // namespace ipc
