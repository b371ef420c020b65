/// What it costs to wake a sleeping thread: on its own CPU, and on another one, which may have gone to sleep itself.
#pragma once

#include <optional>

namespace ipc {

/// Median time from one thread's futex wake until another one, pinned to `sleeper_cpu`, runs; the waker is pinned to
/// `waker_cpu`. ns; empty where the CPUs are not ours to use. Takes about 10 ms.
std::optional<double> wake_up_ns(int waker_cpu, int sleeper_cpu);

}  // namespace ipc
