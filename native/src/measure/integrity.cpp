#include "measure/integrity.hpp"

#include <algorithm>

namespace ipc {

void SequenceCheck::unexpected(std::uint64_t sequence) {
  if (!gaps_) {
    gaps_ = true;
    seen_.fill(~std::uint64_t{0});  // everything before the first gap did arrive
  }
  // Of a number that travels in part, the difference in the bits that do, sign-extended, tells the rest.
  const bool whole = shift_ <= 8;
  const std::uint64_t number =
      whole ? sequence << shift_ >> shift_
            : expected_ + static_cast<std::uint64_t>(static_cast<std::int64_t>((sequence - expected_) << shift_) >> shift_);
  if (doubtful_) {
    settle_doubt(expected_ == doubt_at_ && (number >= doubt_ || doubt_ - number <= kWindow));
    if (number == expected_) {
      mark(expected_);
      ++expected_;
      return;
    }
  }
  const std::uint64_t ahead = number - expected_;
  if (ahead > kMostMessages) {
    // Below what is due the difference wraps around; above it nobody can be so far.
    if (number < expected_ || !whole) {
      late(number);
    } else {
      damaged(FaultKind::corrupt, number);
    }
  } else if (ahead > kDoubtful) {
    doubtful_ = true;
    doubt_ = number;
    doubt_at_ = expected_;
  } else {
    skip_to(number);
  }
}

void SequenceCheck::out_of_order(std::uint64_t number) {
  if (number > expected_) {
    damaged(FaultKind::corrupt, number);
    return;
  }
  const bool again = number + 1 == expected_;
  ++(again ? counts_.duplicated : counts_.reordered);
  find(again ? FaultKind::duplicated : FaultKind::reordered, number);
}

void SequenceCheck::late(std::uint64_t number) {
  if (number < judged_from_) return;
  const std::uint64_t behind = expected_ - number;
  if (behind <= std::min(kWindow, expected_) && !marked(number)) {
    mark(number);
    ++counts_.reordered;
    if (counts_.lost > 0) --counts_.lost;
    find(FaultKind::reordered, number);
  } else {
    ++counts_.duplicated;
    find(FaultKind::duplicated, number);
  }
}

void SequenceCheck::skip_to(std::uint64_t number) {
  const std::uint64_t gap = number - expected_;
  // In between came those that were damaged; they are the first of the gap.
  const std::uint64_t came = displaced_at_ == expected_ ? std::min(displaced_, gap) : 0;
  displaced_ = 0;
  if (gap > came) {
    counts_.lost += gap - came;
    find(FaultKind::lost, expected_ + came, gap - came);
  }
  const std::uint64_t first = gap > kWindow ? number - kWindow : expected_;
  for (std::uint64_t gone = first; gone != number; ++gone) unmark(gone);
  expected_ = number;
  mark(expected_);
  ++expected_;
}

void SequenceCheck::damaged(FaultKind kind, std::uint64_t number) {
  if (kind == FaultKind::torn) {
    // Of a place that is overwritten and read in no order the number is whole, and the next reading may be too.
    ++counts_.torn;
    find(kind, number - expected_ < kMostMessages ? number : expected_);
    return;
  }
  ++counts_.corrupt;
  find(kind, expected_);
  if (displaced_at_ != expected_) displaced_ = 0;
  displaced_at_ = expected_;
  ++displaced_;
}

void SequenceCheck::foreign() {
  ++counts_.corrupt;
  find(FaultKind::corrupt, expected_);
}

void SequenceCheck::settle_doubt(bool believed) {
  doubtful_ = false;
  if (believed) {
    skip_to(doubt_);
    return;
  }
  // It came in place of the message that was due then; that one may have come since.
  const std::uint64_t now = expected_;
  expected_ = doubt_at_;
  damaged(FaultKind::corrupt, doubt_);
  expected_ = now;
}

void SequenceCheck::finish() {
  if (doubtful_) settle_doubt(expected_ == doubt_at_);
  if (displaced_at_ == expected_) expected_ += displaced_;
  displaced_ = 0;
}

}  // namespace ipc
