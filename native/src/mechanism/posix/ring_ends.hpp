/// Which of a session's rings a peer uses for what.
#pragma once

#include "mechanism/posix/spsc_ring.hpp"

namespace ipc {

/// The rings of a peer: the one it pushes into and the one it pops from; null where it has none.
struct RingEnds {
  RingHeader* out = nullptr;
  RingHeader* in = nullptr;
};

}  // namespace ipc
