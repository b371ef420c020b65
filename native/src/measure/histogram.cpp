#include "measure/histogram.hpp"

#include <cmath>

namespace ipc {

std::vector<Bucket> HistogramReader::difference(const Histogram& histogram) {
  std::vector<Bucket> changed;
  const std::uint32_t end = std::min(histogram.end(), kBuckets);
  for (std::uint32_t index = histogram.lowest(); index < end; ++index) {
    const std::uint64_t count = histogram.count(index);
    if (count == seen_[index]) continue;
    changed.push_back({index, count - seen_[index]});
    seen_[index] = count;
  }
  return changed;
}

void LatencyTotals::add(const std::vector<Bucket>& buckets) {
  for (const Bucket& bucket : buckets) {
    counts_[bucket.index] += bucket.count;
    samples_ += bucket.count;
  }
}

std::uint64_t LatencyTotals::min_ns() const {
  for (std::uint32_t index = 0; index < kBuckets; ++index) {
    if (counts_[index] != 0) return bucket_lowest(index);
  }
  return 0;
}

std::uint64_t LatencyTotals::max_ns() const {
  for (std::uint32_t index = kBuckets; index > 0; --index) {
    if (counts_[index - 1] != 0) return bucket_highest(index - 1);
  }
  return 0;
}

std::uint64_t LatencyTotals::quantile_ns(double share) const {
  if (samples_ == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(std::max(1.0, std::ceil(share * static_cast<double>(samples_))));
  std::uint64_t passed = 0;
  for (std::uint32_t index = 0; index < kBuckets; ++index) {
    passed += counts_[index];
    if (passed >= wanted) return bucket_highest(index);
  }
  return max_ns();
}

std::vector<Bucket> merge(const std::vector<Bucket>& one, const std::vector<Bucket>& other) {
  if (one.empty()) return other;
  std::vector<Bucket> sum;
  sum.reserve(one.size() + other.size());
  auto left = one.begin();
  auto right = other.begin();
  while (left != one.end() || right != other.end()) {
    if (right == other.end() || (left != one.end() && left->index < right->index)) {
      sum.push_back(*left++);
    } else if (left == one.end() || right->index < left->index) {
      sum.push_back(*right++);
    } else {
      sum.push_back({left->index, left++->count + right++->count});
    }
  }
  return sum;
}

}  // namespace ipc
