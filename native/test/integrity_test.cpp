#include "measure/integrity.hpp"

#include <vector>

#include "check.hpp"

using namespace ipc;

namespace {

/// `lost duplicated reordered` after these sequence numbers.
std::string after(const std::vector<std::uint64_t>& sequence, unsigned bits = 64) {
  SequenceCheck check(bits);
  const std::uint64_t mask = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
  for (const std::uint64_t number : sequence) check.check(number & mask);
  const IntegrityCounts& counts = check.counts();
  return std::to_string(counts.lost) + " " + std::to_string(counts.duplicated) + " " + std::to_string(counts.reordered);
}

}  // namespace

CASE("an unbroken sequence is clean") { EQUAL(after({0, 1, 2, 3}), "0 0 0"); }
CASE("a gap is lost") { EQUAL(after({0, 1, 5, 6}), "3 0 0"); }
CASE("the first messages can be lost too") { EQUAL(after({2, 3}), "2 0 0"); }
CASE("a late message was not lost but reordered") { EQUAL(after({0, 2, 1, 3}), "0 0 1"); }
CASE("a message that came before is a duplicate") {
  EQUAL(after({0, 1, 1, 2}), "0 1 0");
  EQUAL(after({0, 2, 1, 1}), "0 1 1");
  EQUAL(after({0, 1, 2, 0}), "0 1 0");
}
CASE("a gap longer than the window is counted whole") { EQUAL(after({0, 10'001, 10'000, 5'000}), "9999 1 1"); }

CASE("one byte of the sequence number is enough to find small faults") {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    if (i != 300 && i != 301) numbers.push_back(i);
  }
  EQUAL(after(numbers, 8), "2 0 0");
  numbers.push_back(999);
  EQUAL(after(numbers, 8), "2 1 0");
}

CASE("the difference of two readings is never below nought") {
  EQUAL((IntegrityCounts{1, 0, 0, 0, 0} - IntegrityCounts{3, 0, 0, 0, 0}).lost, 0U);
}

CASE("where others take some of the messages, only order is checked") {
  SequenceCheck check(56);
  HOLDS(check.follow(3));
  HOLDS(check.follow(9));
  HOLDS(!check.follow(9));
  HOLDS(!check.follow(4));
  HOLDS(check.follow(10));
  EQUAL(check.counts().lost, 0U);
  EQUAL(check.counts().duplicated, 1U);
  EQUAL(check.counts().reordered, 1U);
}

CASE("the sender in the top byte is no part of the number") {
  SequenceCheck check(56);
  const std::uint64_t sender = std::uint64_t{5} << 56;
  HOLDS(check.follow(sender | 0));
  HOLDS(check.check(sender | 1));
  EQUAL(check.expected(), 2U);
}
