#include "measure/histogram.hpp"

#include <memory>

#include "check.hpp"

using namespace ipc;

CASE("every ns below 2048 has a bucket of its own") {
  for (std::uint32_t ns = 0; ns < 2048; ++ns) EQUAL(bucket_index(ns), ns);
}

CASE("the layout is the contract's") {
  // The same pairs hold for bucketIndex in electron/contract/histogram.ts.
  EQUAL(bucket_index(2047), 2047U);
  EQUAL(bucket_index(2048), 2048U);
  EQUAL(bucket_index(2049), 2048U);
  EQUAL(bucket_index(2050), 2049U);
  EQUAL(bucket_index(4095), 3071U);
  EQUAL(bucket_index(4096), 3072U);
  EQUAL(bucket_index(1'000'000), 11169U);
  EQUAL(bucket_index(1'000'000'000), 21363U);
  EQUAL(bucket_index(60'000'000'000), 27388U);
}

CASE("bounds and index are inverse to each other in every bucket") {
  for (std::uint32_t index = 0; index + 1 < kBuckets; ++index) {
    const std::uint64_t low = bucket_lowest(index);
    const std::uint64_t high = bucket_highest(index);
    if (bucket_index(low) != index || bucket_index(high) != index || high < low) {
      EQUAL(bucket_index(low), index);
      return;
    }
    // 3 significant digits.
    if (high - low > low / 1000) {
      HOLDS(high - low <= low / 1000);
      return;
    }
  }
}

CASE("times beyond the range are counted in the last bucket") {
  EQUAL(bucket_index(kHighestNs + 1), kBuckets - 1);
  EQUAL(bucket_index(~std::uint64_t{0}), kBuckets - 1);
}

CASE("a reader gets differences, ascending, and nothing twice") {
  const auto histogram = std::make_unique<Histogram>();
  HistogramReader reader;
  HOLDS(reader.difference(*histogram).empty());
  histogram->record(5'000'000);
  histogram->record(10);
  histogram->record(10);
  const auto first = reader.difference(*histogram);
  EQUAL(first.size(), 2U);
  EQUAL(first[0].index, 10U);
  EQUAL(first[0].count, 2U);
  EQUAL(first[1].index, bucket_index(5'000'000));
  EQUAL(histogram->sum_ns(), 5'000'020U);
  HOLDS(reader.difference(*histogram).empty());
  histogram->record(3);
  const auto second = reader.difference(*histogram);
  EQUAL(second.size(), 1U);
  EQUAL(second[0].index, 3U);
}

CASE("percentiles answer the greatest value of their bucket") {
  LatencyTotals totals;
  EQUAL(totals.quantile_ns(0.5), 0U);
  const auto histogram = std::make_unique<Histogram>();
  HistogramReader reader;
  for (std::uint64_t ns = 1; ns <= 1000; ++ns) histogram->record(ns);
  histogram->record(1'000'000);
  totals.add(reader.difference(*histogram));
  EQUAL(totals.samples(), 1001U);
  EQUAL(totals.min_ns(), 1U);
  EQUAL(totals.quantile_ns(0.5), 501U);
  EQUAL(totals.quantile_ns(0.99), 991U);
  EQUAL(totals.max_ns(), bucket_highest(bucket_index(1'000'000)));
  EQUAL(totals.quantile_ns(1), totals.max_ns());
}

CASE("two readings add up, ascending") {
  const std::vector<Bucket> sum = merge({{1, 2}, {5, 1}}, {{0, 4}, {5, 3}, {9, 1}});
  std::string text;
  for (const Bucket& bucket : sum) text += std::to_string(bucket.index) + ":" + std::to_string(bucket.count) + " ";
  EQUAL(text, "0:4 1:2 5:4 9:1 ");
  HOLDS(merge({}, {}).empty());
}
