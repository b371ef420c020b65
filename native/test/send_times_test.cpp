/// The send times of samples that are kept beside a channel: found by their numbers, never waited for.
#include <memory>

#include "check.hpp"
#include "mechanism/posix/send_times.hpp"

using ipc::SendTimes;

CASE("a time is found by its number, and only once") {
  const auto times = std::make_unique<SendTimes>();
  times->keep(3, 300);
  times->keep(7, 700);
  EQUAL(times->take(0), std::uint64_t{0});
  EQUAL(times->take(3), std::uint64_t{300});
  EQUAL(times->take(3), std::uint64_t{0});
  EQUAL(times->take(5), std::uint64_t{0});
  EQUAL(times->take(7), std::uint64_t{700});
}

CASE("one whose message never came is passed over") {
  const auto times = std::make_unique<SendTimes>();
  for (std::uint64_t i = 1; i <= 10; ++i) times->keep(i, i * 10);
  EQUAL(times->take(8), std::uint64_t{80});
  EQUAL(times->take(9), std::uint64_t{90});
}

CASE("a full table costs samples, and goes on when there is room") {
  const auto times = std::make_unique<SendTimes>();
  for (std::uint64_t i = 0; i < SendTimes::kEntries + 5; ++i) times->keep(i, i + 1);
  EQUAL(times->take(0), std::uint64_t{1});
  times->keep(9000, 9001);
  for (std::uint64_t i = 1; i < SendTimes::kEntries; ++i) EQUAL(times->take(i), std::uint64_t{i + 1});
  EQUAL(times->take(SendTimes::kEntries), std::uint64_t{0});
  EQUAL(times->take(9000), std::uint64_t{9001});
}
