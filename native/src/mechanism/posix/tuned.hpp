/// What tuned variants have in common.
#pragma once

#include <cstddef>

#include "options/settings.hpp"

namespace ipc {

/// Messages are gathered to about this many bytes a call: then what a call costs beside the copying is a few percent of it,
/// and the batch still lies in the second-level cache when the other side takes it.
inline constexpr std::size_t kBatchBytes = 65'536;

/// Refuses patterns with several producers or consumers, which plain variants have: who gathers messages takes whole
/// batches away from the others. Throws Failure.
void refuse_several_tuned(const Settings& settings);

/// Refuses conversations, of variants that only differ in how many messages they send at once. Throws Failure.
void refuse_conversation(const Settings& settings);

}  // namespace ipc
