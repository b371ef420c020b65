/// What keeps the two sides of a ring in step and lies in the ring's memory or beside it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mechanism/posix/spsc_ring.hpp"
#include "options/settings.hpp"
#include "session/resource.hpp"

namespace ipc {

/// Refuses `tuned` where nothing is known that would be faster than `plain`. Throws Failure.
void refuse_untunable(const Settings& settings);

/// Makes semaphores, mutex and condition variables of a new ring, all of them for use by several processes. Throws Failure.
void init_sync(RingHeader& ring);

/// The objects of `init_sync` that sessions with this `sync` use, and that lie in the memory with this name.
std::vector<ObjectInfo> sync_objects(std::string_view sync, const std::string& memory);

}  // namespace ipc
