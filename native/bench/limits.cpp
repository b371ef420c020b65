#include "limits.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

#include "loops.hpp"
#include "session.hpp"

namespace bare {

namespace {

struct alignas(64) Line {
  std::atomic<std::uint64_t> value{0};
};

void print(std::uint64_t messages, std::uint64_t duration_ns, std::vector<std::uint64_t>& times) {
  std::sort(times.begin(), times.end());
  std::printf("{\"messages\":%llu,\"duration_ns\":%llu,\"messages_per_s\":%.1f,\"lost\":0,\"faults\":0,",
              static_cast<unsigned long long>(messages), static_cast<unsigned long long>(duration_ns),
              static_cast<double>(messages) * 1e9 / static_cast<double>(std::max<std::uint64_t>(1, duration_ns)));
  if (times.empty()) {
    std::puts("\"p50_ns\":null,\"p99_ns\":null}");
    return;
  }
  std::printf("\"p50_ns\":%llu,\"p99_ns\":%llu}\n", static_cast<unsigned long long>(times[(times.size() - 1) / 2]),
              static_cast<unsigned long long>(times[(times.size() - 1) * 99 / 100]));
}

}  // namespace

void cache_line(const Options& options) {
  if (options.placement != "apart") refuse("two threads that spin need --placement apart");
  Line there;
  Line back;
  const std::uint64_t all = options.warmup_messages + options.messages;
  std::thread answering([&] {
    pin(options.placement, 1);
    for (std::uint64_t number = 1; number <= all; ++number) {
      while (there.value.load(std::memory_order_acquire) != number) {
      }
      back.value.store(number, std::memory_order_release);
    }
  });
  std::vector<std::uint64_t> times;
  times.reserve(options.messages / kTimedOneIn + 1);
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::thread asking([&] {
    pin(options.placement, 0);
    for (std::uint64_t number = 1; number <= all; ++number) {
      if (number == options.warmup_messages + 1) start = now_ns();
      const bool timed = number % kTimedOneIn == 0;
      const std::uint64_t begin = timed ? now_ns() : 0;
      there.value.store(number, std::memory_order_release);
      while (back.value.load(std::memory_order_acquire) != number) {
      }
      if (timed && number > options.warmup_messages) times.push_back(now_ns() - begin);
    }
    end = now_ns();
  });
  asking.join();
  answering.join();
  print(options.messages, end - start, times);
}

void copying(const Options& options) {
  pin(options.placement, 0);
  constexpr std::size_t kWorkingSet = 1 << 20;
  const std::size_t blocks = std::max<std::size_t>(1, kWorkingSet / options.size);
  std::vector<char> from(blocks * options.size, 'x');
  std::vector<char> to(blocks * options.size, 'y');
  const auto copy_many = [&](std::uint64_t messages) {
    for (std::uint64_t done = 0, block = 0; done < messages; ++done) {
      std::memcpy(to.data() + block * options.size, from.data() + block * options.size, options.size);
      asm volatile("" : : "r"(to.data()) : "memory");  // keeps the copies from being left out or joined
      if (++block == blocks) block = 0;
    }
  };
  copy_many(options.warmup_messages);
  const std::uint64_t begin = now_ns();
  copy_many(options.messages);
  std::vector<std::uint64_t> none;
  print(options.messages, now_ns() - begin, none);
}

}  // namespace bare
