/// Loss, duplication and order, checked on the sequence number of every message.
#pragma once

#include <array>
#include <cstdint>

#include "measure/fault_list.hpp"

namespace ipc {

struct IntegrityCounts {
  std::uint64_t lost = 0;
  std::uint64_t corrupt = 0;
  std::uint64_t torn = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t reordered = 0;

  IntegrityCounts& operator+=(const IntegrityCounts& other) {
    lost += other.lost;
    corrupt += other.corrupt;
    torn += other.torn;
    duplicated += other.duplicated;
    reordered += other.reordered;
    return *this;
  }
  std::uint64_t total() const { return lost + corrupt + torn + duplicated + reordered; }
};

/// What was counted between two readings. `lost` may have shrunk, when late messages filled a gap; then it is nought.
constexpr IntegrityCounts operator-(const IntegrityCounts& later, const IntegrityCounts& earlier) {
  return {later.lost > earlier.lost ? later.lost - earlier.lost : 0, later.corrupt - earlier.corrupt,
          later.torn - earlier.torn, later.duplicated - earlier.duplicated, later.reordered - earlier.reordered};
}

/// What one message out of turn told.
struct Finding {
  FaultKind kind;
  /// As in Fault.
  std::uint64_t sequence;
  std::uint64_t expected;
  std::uint64_t missing;
};

/// Follows a stream of sequence numbers that starts at 0. A gap counts as lost until a late message fills it, which
/// then counts as reordered; a number seen twice counts as duplicated. A message that is later than the window of
/// 4,096 is taken for a duplicate, since nothing tells the two apart any more.
///
/// A number may itself be damaged. One that is far ahead is believed once the next message is there too (as RTP does, RFC
/// 3550, appendix A.1); otherwise it was a damaged message, and not the loss of all in between.
class SequenceCheck {
 public:
  /// `bits`: how many low bits of the number a message carries, 8..64; the rest is inferred from what is expected.
  explicit SequenceCheck(unsigned bits) : shift_(64 - bits) {}

  /// True when the number is the expected one; otherwise `findings` tells what that meant.
  bool check(std::uint64_t sequence) {
    if (((sequence ^ expected_) << shift_) == 0) [[likely]] {
      // The window is only kept up once something went wrong: a clean stream pays one compare.
      if (gaps_) mark(expected_);
      ++expected_;
      return true;
    }
    unexpected(sequence);
    return false;
  }

  /// Follows numbers that may leave out any: those in between went to somebody else. True when the number is higher
  /// than all before it, and may be one.
  bool follow(std::uint64_t sequence) {
    const std::uint64_t number = sequence << shift_ >> shift_;
    if (number - expected_ < kMostMessages) [[likely]] {
      expected_ = number + 1;
      return true;
    }
    out_of_order(number);
    return false;
  }

  /// Counts a message whose content is damaged, so that its number says little: `corrupt` or `torn`. If the next one shows
  /// that the message which was due is missing, a corrupt one was that, and it is not counted a second time as lost.
  void damaged(FaultKind kind, std::uint64_t number);

  /// Counts something that cannot be one of the sender's messages, whatever it is.
  void foreign();

  /// No more will come: what was in doubt is settled.
  void finish();

  /// Goes on with this number after a time in which nobody followed; what was sent before it is not judged any more.
  void resume_at(std::uint64_t number) {
    finish();
    expected_ = number;
    judged_from_ = number;
  }

  /// One past the highest number seen.
  std::uint64_t expected() const { return expected_; }
  IntegrityCounts& counts() { return counts_; }
  const IntegrityCounts& counts() const { return counts_; }

  /// Calls `use` with what was found since the last time.
  template <class Use>
  void take_findings(Use&& use) {
    for (unsigned i = 0; i < found_; ++i) use(findings_[i]);
    found_ = 0;
  }

 private:
  static constexpr std::uint64_t kWindow = 4096;
  /// A jump that is longer than this waits for the next message.
  static constexpr std::uint64_t kDoubtful = 2 * kWindow;
  /// No session sends more (option `messages`).
  static constexpr std::uint64_t kMostMessages = 1'000'000'000'000;

  void unexpected(std::uint64_t sequence);
  void out_of_order(std::uint64_t number);
  void late(std::uint64_t number);
  /// The numbers from `expected_` up to `number` are missing.
  void skip_to(std::uint64_t number);
  void settle_doubt(bool believed);
  void find(FaultKind kind, std::uint64_t sequence, std::uint64_t missing = 0) {
    if (found_ < findings_.size()) findings_[found_++] = {kind, sequence, expected_, missing};
  }
  bool marked(std::uint64_t sequence) const {
    return (seen_[sequence % kWindow / 64] >> (sequence % 64) & 1) != 0;
  }
  void mark(std::uint64_t sequence) { seen_[sequence % kWindow / 64] |= std::uint64_t{1} << (sequence % 64); }
  void unmark(std::uint64_t sequence) { seen_[sequence % kWindow / 64] &= ~(std::uint64_t{1} << (sequence % 64)); }

  unsigned shift_;
  bool gaps_ = false;
  bool doubtful_ = false;
  std::uint64_t expected_ = 0;
  std::uint64_t judged_from_ = 0;
  /// The number in doubt, and the one that was due when it came.
  std::uint64_t doubt_ = 0;
  std::uint64_t doubt_at_ = 0;
  /// Damaged messages that came while this one was due.
  std::uint64_t displaced_ = 0;
  std::uint64_t displaced_at_ = 0;
  IntegrityCounts counts_;
  std::array<std::uint64_t, kWindow / 64> seen_{};
  std::array<Finding, 4> findings_{};
  unsigned found_ = 0;
};

}  // namespace ipc
