/// The answer of `describe`: what this system can do.
#pragma once

#include <string>

namespace ipc {

/// The `describe` frame.
std::string describe_frame();

}  // namespace ipc
