/// What keeps the two sides of a ring in step and lies in the ring's memory or beside it.
#pragma once

#include <string>
#include <vector>

#include "mechanism/posix/spsc_ring.hpp"
#include "options/settings.hpp"
#include "session/resource.hpp"

namespace ipc {

/// Refuses `tuned` where nothing is known that would be faster than `plain`. Throws Failure.
void refuse_untunable(const Settings& settings);

/// Makes semaphores, mutex and condition variables of a new ring, all of them for use by several processes. Throws Failure.
void init_sync(RingHeader& ring);

/// Refuses several processes of a role, and a rendezvous, where the way of synchronising is made for one producer that
/// stores messages for one consumer. Throws Failure.
void refuse_unshared(const Settings& settings);

/// Whether the session needs a ring whose indices several processes move, or one that stores nothing: CommonRing, or without
/// a lock MpmcRing.
bool uses_common_ring(const Settings& settings);
bool uses_mpmc_ring(const Settings& settings);

/// The objects of `init_sync` that the session uses, and that lie in the memory with this name.
std::vector<ObjectInfo> sync_objects(const Settings& settings, const std::string& memory);

}  // namespace ipc
