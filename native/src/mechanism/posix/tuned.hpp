/// What tuned variants have in common.
#pragma once

#include <cstddef>

#include "options/settings.hpp"

namespace ipc {

/// Messages are gathered to about this many bytes a call: then what a call costs beside the copying is a few percent of it,
/// and the batch still lies in the second-level cache when the other side takes it.
inline constexpr std::size_t kBatchBytes = 65'536;

/// Refuses what only the plain variant does: several producers or consumers, because who gathers messages takes whole
/// batches away from the others; a dialogue, in which there is nothing to gather; and asking for readiness before each
/// message. Of the other variants only `tuned` has conversations (pingpong), in plain's way. Throws Failure.
void resolve_tuned(const Settings& settings);

}  // namespace ipc
