#include "check.hpp"
#include "measure/pacer.hpp"
#include "measure/sampling.hpp"

using namespace ipc;

CASE("the schedule is exact to the ns over a million messages at an odd rate") {
  Pacer pacer;
  pacer.start(30'007, 1'000);
  for (int i = 0; i < 30'007 * 40; ++i) pacer.advance();
  EQUAL(pacer.due_ns(), 1'000 + 40 * kNsPerSecond);
}

CASE("the extremes of the rate work") {
  Pacer pacer;
  pacer.start(1, 5);
  pacer.advance();
  EQUAL(pacer.due_ns(), 5 + kNsPerSecond);
  pacer.start(1'000'000'000, 5);
  pacer.advance();
  EQUAL(pacer.due_ns(), 6U);
}

CASE("several senders take turns and together keep the rate") {
  Pacer pacers[3];
  for (std::uint64_t i = 0; i < 3; ++i) pacers[i].start(1000, 50, 3, i);
  for (std::uint64_t message = 0; message < 9; ++message) {
    Pacer& turn = pacers[message % 3];
    EQUAL(turn.due_ns(), 50 + message * kNsPerMs);
    turn.advance();
  }
  // Neither does the rest of a division get lost: 7 senders at 30,007 a second are exact after each whole second.
  Pacer odd;
  odd.start(30'007, 0, 7, 0);
  for (int i = 0; i < 30'007; ++i) odd.advance();
  EQUAL(odd.due_ns(), 7 * kNsPerSecond);
}

CASE("a late message does not move the schedule") {
  Pacer pacer;
  pacer.start(1000, 0);
  pacer.advance();
  const std::uint64_t second = pacer.due_ns();
  // Nobody tells the pacer that the message left late: the next one is due when it was due.
  pacer.advance();
  EQUAL(pacer.due_ns() - second, kNsPerMs);
}

CASE("slow messages are all sampled") {
  Sampling sampling(50);
  sampling.restart(0, 0);
  std::uint64_t now = 1;
  for (std::uint64_t message = 0; message < 1000; ++message) {
    EQUAL(sampling.next(), message);
    sampling.taken(message, now += 60'000);
  }
}

CASE("fast messages are sampled so rarely that the cost stays below one percent") {
  Sampling sampling(50);
  sampling.restart(0, 0);
  constexpr std::uint64_t kPeriodNs = 50;
  std::uint64_t samples = 0;
  for (std::uint64_t message = 0; message < 1'000'000; ++message) {
    if (message < sampling.next()) continue;
    sampling.taken(message, 1 + message * kPeriodNs);
    ++samples;
  }
  HOLDS(static_cast<double>(samples) * 50 < 0.01 * 1'000'000 * kPeriodNs);
  HOLDS(samples > 1000);
}

CASE("one stall does not make the samples dense") {
  Sampling sampling(50);
  sampling.restart(0, 0);
  std::uint64_t now = 1;
  std::uint64_t samples = 0;
  for (std::uint64_t message = 0; message < 200'000; ++message) {
    now += message == 100'000 ? 10'000'000 : 50;
    if (message < sampling.next()) continue;
    sampling.taken(message, now);
    if (message > 100'000) ++samples;
  }
  HOLDS(samples < 600);
}

CASE("under a rate the spacing is made for the rate, however the messages come") {
  Sampling sampling(50);
  sampling.restart(0, 1'000'000);
  for (std::uint64_t message = 0; message < 1000; ++message) {
    EQUAL(sampling.next(), message);
    sampling.taken(message, message + 1);  // a burst that catches up
  }
}
