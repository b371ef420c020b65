/// Memory that both processes see, and the rings in it.
#pragma once

#include <string>

#include "options.hpp"
#include "ring.hpp"

namespace bare {

/// Bytes from one slot to the next, and how many slots there are: as the helper's rings and slot files have them.
std::uint64_t slot_stride(const Options& options);
std::uint64_t slot_count(const Options& options);

/// An open file without a name in the helper's run folder, allocated in full.
int unnamed_file(const char* what, std::uint64_t bytes);

/// Ring `index` of 2, in anonymous shared memory or (mechanism mmap) in a file; all its pages are there.
Ring make_ring(const Options& options, unsigned index);

}  // namespace bare
