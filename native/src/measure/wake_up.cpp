#include "measure/wake_up.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "measure/clock.hpp"
#include "system/cpus.hpp"
#include "system/futex.hpp"

namespace ipc {

namespace {

constexpr std::uint64_t kTimeNs = 10 * kNsPerMs;
constexpr std::size_t kFewest = 16;
constexpr std::uint32_t kDone = ~std::uint32_t{0};

struct alignas(64) Word {
  std::atomic<std::uint32_t> value{0};
};

void wait_for_change(Word& word, std::uint32_t from) {
  while (word.value.load(std::memory_order_acquire) == from) futex_wait_until(word.value, from, now_ns() + kTimeNs);
}

void wake(Word& word, std::uint32_t to) {
  word.value.store(to, std::memory_order_release);
  futex_wake(word.value, 1);
}

}  // namespace

std::optional<double> wake_up_ns(int waker_cpu, int sleeper_cpu) {
  Word there;
  Word back;
  bool pinned = true;
  std::thread answering([&] {
    pinned = pin_to(sleeper_cpu) == 0;
    for (std::uint32_t seen = 0;;) {
      wait_for_change(there, seen);
      seen = there.value.load(std::memory_order_acquire);
      if (seen == kDone) return;
      wake(back, seen);
    }
  });
  std::vector<double> round_trips;
  bool asking_pinned = true;
  std::thread asking([&] {
    asking_pinned = pin_to(waker_cpu) == 0;
    const std::uint64_t until = now_ns() + kTimeNs;
    std::uint32_t sent = 0;
    for (std::uint64_t start = now_ns(); start < until || round_trips.size() < kFewest;) {
      wake(there, ++sent);
      wait_for_change(back, sent - 1);
      const std::uint64_t end = now_ns();
      round_trips.push_back(static_cast<double>(end - start));
      start = end;
    }
    wake(there, kDone);
  });
  asking.join();
  answering.join();
  if (!pinned || !asking_pinned) return std::nullopt;
  // Each waits for the other, so that a round trip is two wake-ups. The median: a few find the other still awake, or wait
  // for somebody else's time slice.
  const auto middle = round_trips.begin() + static_cast<std::ptrdiff_t>(round_trips.size() / 2);
  std::nth_element(round_trips.begin(), middle, round_trips.end());
  return *middle / 2;
}

}  // namespace ipc
