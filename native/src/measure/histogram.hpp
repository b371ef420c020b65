/// The latency histogram: HdrHistogram's log-linear buckets (Tene, https://hdrhistogram.org), unit 1 ns, 3 significant
/// digits, up to 60 s. electron/contract/histogram.ts holds the same layout.
///
/// Indices 0..2047 are single ns; each further group of 1024 covers one doubling in 1024 equal steps.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <vector>

namespace ipc {

inline constexpr std::uint64_t kHighestNs = 60'000'000'000;

/// The bucket of a time in ns; longer ones than kHighestNs are counted there.
constexpr std::uint32_t bucket_index(std::uint64_t ns) {
  const std::uint64_t value = std::min(ns, kHighestNs);
  if (value < 2048) return static_cast<std::uint32_t>(value);
  const auto shift = static_cast<unsigned>(std::bit_width(value)) - 11;
  return static_cast<std::uint32_t>(shift * 1024 + (value >> shift));
}

/// The least time, in ns, that falls into the bucket.
constexpr std::uint64_t bucket_lowest(std::uint32_t index) {
  if (index < 2048) return index;
  const std::uint32_t shift = index / 1024 - 1;
  return static_cast<std::uint64_t>(index % 1024 + 1024) << shift;
}

/// The greatest time, in ns, that falls into the bucket.
constexpr std::uint64_t bucket_highest(std::uint32_t index) { return bucket_lowest(index + 1) - 1; }

inline constexpr std::uint32_t kBuckets = bucket_index(kHighestNs) + 1;

/// The writer's side, in shared memory. One process writes and any number read: each cell is a relaxed load and store
/// by its only writer, which costs no lock prefix. A reader may see a count before the sum that goes with it; the
/// difference is made up in the next sample.
class Histogram {
 public:
  /// For the one writer.
  void record(std::uint64_t ns) {
    const std::uint32_t index = bucket_index(ns);
    bump(counts_[index], 1);
    bump(sum_, ns);
    // Bounds of what was touched, so that a sample need not read all 27,000 cells.
    if (index < lowest_.load(std::memory_order_relaxed)) lowest_.store(index, std::memory_order_relaxed);
    if (index >= end_.load(std::memory_order_relaxed)) end_.store(index + 1, std::memory_order_relaxed);
  }

  std::uint64_t count(std::uint32_t index) const { return counts_[index].load(std::memory_order_relaxed); }
  std::uint64_t sum_ns() const { return sum_.load(std::memory_order_relaxed); }
  /// The first bucket touched, and one past the last; equal or crossed when there is none.
  std::uint32_t lowest() const { return lowest_.load(std::memory_order_relaxed); }
  std::uint32_t end() const { return end_.load(std::memory_order_relaxed); }

 private:
  static void bump(std::atomic<std::uint64_t>& cell, std::uint64_t by) {
    cell.store(cell.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }

  std::atomic<std::uint32_t> lowest_{kBuckets};
  std::atomic<std::uint32_t> end_{0};
  std::atomic<std::uint64_t> sum_{0};
  std::array<std::atomic<std::uint64_t>, kBuckets> counts_{};
};

struct Bucket {
  std::uint32_t index;
  std::uint64_t count;
};

/// The sum of two readings, ascending by bucket.
std::vector<Bucket> merge(const std::vector<Bucket>& one, const std::vector<Bucket>& other);

/// The reader's side: remembers what it saw, and answers differences.
class HistogramReader {
 public:
  /// What was counted since the last call, ascending by bucket.
  std::vector<Bucket> difference(const Histogram& histogram);

 private:
  std::vector<std::uint64_t> seen_ = std::vector<std::uint64_t>(kBuckets, 0);
};

/// Adds up sparse buckets and answers percentiles.
class LatencyTotals {
 public:
  void add(const std::vector<Bucket>& buckets);
  std::uint64_t samples() const { return samples_; }
  std::uint64_t min_ns() const;
  std::uint64_t max_ns() const;
  /// The greatest value of the bucket in which the share lies (0..1), as HdrHistogram answers; 0 without samples.
  std::uint64_t quantile_ns(double share) const;

 private:
  std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(kBuckets, 0);
  std::uint64_t samples_ = 0;
};

}  // namespace ipc
