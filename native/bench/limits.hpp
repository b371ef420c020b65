/// What the machine can do without any communication between processes: a cache line passed between two threads, and memcpy.
#pragma once

#include "options.hpp"

namespace bare {

/// Two threads on two CPUs pass a number back and forth, each in a line of its own. Timed as round trips between processes are.
/// Prints one line of JSON.
void cache_line(const Options& options);

/// One thread copies messages from one MiB to another, as much as a ring of the helper holds. Prints one line of JSON.
void copying(const Options& options);

}  // namespace bare
