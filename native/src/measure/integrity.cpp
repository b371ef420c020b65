#include "measure/integrity.hpp"

#include <algorithm>

namespace ipc {

void SequenceCheck::unexpected(std::uint64_t sequence) {
  if (!gaps_) {
    gaps_ = true;
    seen_.fill(~std::uint64_t{0});  // everything before the first gap did arrive
  }
  // The difference in the bits that travel, sign-extended.
  const auto difference = static_cast<std::int64_t>((sequence - expected_) << shift_) >> shift_;
  if (difference > 0) {
    const auto missing = static_cast<std::uint64_t>(difference);
    counts_.lost += missing;
    const std::uint64_t first = missing > kWindow ? expected_ + missing - kWindow : expected_;
    for (std::uint64_t gone = first; gone != expected_ + missing; ++gone) unmark(gone);
    expected_ += missing;
    mark(expected_);
    ++expected_;
    return;
  }
  const std::uint64_t late = expected_ + static_cast<std::uint64_t>(difference);
  const auto behind = static_cast<std::uint64_t>(-difference);
  if (behind <= std::min(kWindow, expected_) && !marked(late)) {
    mark(late);
    ++counts_.reordered;
    if (counts_.lost > 0) --counts_.lost;
  } else {
    ++counts_.duplicated;
  }
}

}  // namespace ipc
