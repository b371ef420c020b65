/// Sleeping on a word of shared memory (futex(2)).
#pragma once

#include <atomic>
#include <cstdint>

namespace ipc {

/// Sleeps while `word` holds `value`, until it is woken or CLOCK_MONOTONIC reaches `deadline_ns`. Answers 0 when woken,
/// else EAGAIN (the value was another one), ETIMEDOUT or EINTR.
int futex_wait_until(std::atomic<std::uint32_t>& word, std::uint32_t value, std::uint64_t deadline_ns);

/// Wakes up to `count` sleepers in any process; answers how many.
int futex_wake(std::atomic<std::uint32_t>& word, int count);

/// Registers this process for heavy_barrier of others. Answers whether the system has such a barrier (membarrier(2)).
bool register_for_heavy_barrier();

/// A full memory barrier on every CPU that runs a registered process: its counterpart on the fast path need only be a
/// compiler barrier. Answers false where there is no such thing.
bool heavy_barrier();

}  // namespace ipc
