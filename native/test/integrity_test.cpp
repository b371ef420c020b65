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

CASE("a number that is far ahead is believed when the next message is there too") {
  EQUAL(after({0, 1, 100'001, 100'002}), "99999 0 0");
  EQUAL(after({0, 1, 100'002, 100'001}), "99999 0 1");
}

CASE("a number that is far ahead of the next one was damaged, and nothing is lost by it") {
  SequenceCheck check(64);
  for (const std::uint64_t number : {0, 1, 100'000, 3, 4}) check.check(number);
  EQUAL(check.counts().corrupt, 1U);
  EQUAL(check.counts().total(), 1U);
  check.finish();
  EQUAL(check.expected(), 5U);
}

CASE("a number that nobody can have reached is damaged at once") {
  SequenceCheck check(64);
  for (const std::uint64_t number : {0ULL, 1ULL, 0x8000'0000'0000'0002ULL, 3ULL}) check.check(number);
  EQUAL(check.counts().corrupt, 1U);
  EQUAL(check.counts().total(), 1U);
}

CASE("a damaged message is the one that the next shows to be missing; one that was put in besides is nobody's") {
  SequenceCheck instead(64);
  instead.check(0);
  instead.damaged(FaultKind::corrupt, 1);
  HOLDS(!instead.check(2));
  EQUAL(instead.counts().lost, 0U);
  SequenceCheck besides(64);
  besides.check(0);
  besides.damaged(FaultKind::corrupt, 7);
  HOLDS(besides.check(1));
  HOLDS(!besides.check(3));
  EQUAL(besides.counts().lost, 1U);
  SequenceCheck last(64);
  last.check(0);
  last.damaged(FaultKind::corrupt, 1);
  last.finish();
  EQUAL(last.expected(), 2U);
}

CASE("every fault is told with the number at fault and the one that was due") {
  SequenceCheck check(64);
  std::string told;
  const auto tell = [&] {
    check.take_findings([&](const Finding& found) {
      told += std::string(name_of(found.kind)) + " " + std::to_string(found.sequence) + "/" +
              std::to_string(found.expected) + (found.missing != 0 ? "x" + std::to_string(found.missing) : "") + " ";
    });
  };
  for (const std::uint64_t number : {0, 1, 4, 2, 4, 5}) {
    check.check(number);
    tell();
  }
  check.damaged(FaultKind::corrupt, 99);
  tell();
  check.damaged(FaultKind::torn, 8);
  tell();
  EQUAL(told, "lost 2/2x2 reordered 2/5 duplicated 4/5 corrupt 6/6 torn 8/6 ");
}

CASE("numbers that leave out some may not leave out more than there can be") {
  SequenceCheck check(56);
  HOLDS(check.follow(1'000'000));
  HOLDS(!check.follow(std::uint64_t{1} << 50));
  HOLDS(check.follow(1'000'001));
  EQUAL(check.counts().corrupt, 1U);
}

CASE("of every kind some find a place in the list, and each is taken once") {
  FaultList list;
  for (std::uint64_t i = 0; i < 100; ++i) list.push({FaultKind::duplicated, 0, i, i, 0, 0});
  list.push({FaultKind::corrupt, 0, 7, 7, 0, 0});
  unsigned duplicated = 0;
  unsigned corrupt = 0;
  const auto count = [&](const Fault& fault) { ++(fault.kind == FaultKind::corrupt ? corrupt : duplicated); };
  list.take(count);
  list.take(count);
  EQUAL(duplicated, FaultList::kOfEachKind);
  EQUAL(corrupt, 1U);
}
