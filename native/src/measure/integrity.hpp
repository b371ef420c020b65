/// Loss, duplication and order, checked on the sequence number of every message.
#pragma once

#include <array>
#include <cstdint>

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

/// Follows a stream of sequence numbers that starts at 0. A gap counts as lost until a late message fills it, which
/// then counts as reordered; a number seen twice counts as duplicated. A message that is later than the window of
/// 4,096 is taken for a duplicate, since nothing tells the two apart any more.
class SequenceCheck {
 public:
  /// `bits`: how many low bits of the number a message carries, 8..64; the rest is inferred from what is expected.
  explicit SequenceCheck(unsigned bits) : shift_(64 - bits) {}

  /// True when the number is the expected one; otherwise the counts changed.
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
  /// than all before it.
  bool follow(std::uint64_t sequence) {
    const std::uint64_t number = sequence << shift_ >> shift_;
    if (number >= expected_) [[likely]] {
      expected_ = number + 1;
      return true;
    }
    ++(number + 1 == expected_ ? counts_.duplicated : counts_.reordered);
    return false;
  }

  /// One past the highest number seen.
  std::uint64_t expected() const { return expected_; }
  IntegrityCounts& counts() { return counts_; }
  const IntegrityCounts& counts() const { return counts_; }

 private:
  static constexpr std::uint64_t kWindow = 4096;

  void unexpected(std::uint64_t sequence);
  bool marked(std::uint64_t sequence) const {
    return (seen_[sequence % kWindow / 64] >> (sequence % 64) & 1) != 0;
  }
  void mark(std::uint64_t sequence) { seen_[sequence % kWindow / 64] |= std::uint64_t{1} << (sequence % 64); }
  void unmark(std::uint64_t sequence) { seen_[sequence % kWindow / 64] &= ~(std::uint64_t{1} << (sequence % 64)); }

  unsigned shift_;
  bool gaps_ = false;
  std::uint64_t expected_ = 0;
  IntegrityCounts counts_;
  std::array<std::uint64_t, kWindow / 64> seen_{};
};

}  // namespace ipc
