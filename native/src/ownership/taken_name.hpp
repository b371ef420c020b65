/// Names that are taken already when a session makes its objects: those of a process that had this pid before are ours to
/// remove, those of anybody else are not, whatever they are called (/dev/shm and the queues are open to all).
#pragma once

#include <string>

#include "protocol/failure.hpp"

namespace ipc {

/// Whether this user made the object behind a descriptor. A descriptor below 0, of an object that we may not even open, is
/// somebody else's.
bool made_by_us(int fd);

/// The refusal of a name that somebody else has.
Failure name_taken(const std::string& call, const std::string& name);

}  // namespace ipc
