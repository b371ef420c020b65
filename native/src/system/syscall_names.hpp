/// Names of system calls by their numbers, which differ between processors.
#pragma once

#include <string_view>

namespace ipc {

/// `read` for the number of read(2) on this processor; empty for a call that no session makes.
std::string_view syscall_name(long number);

}  // namespace ipc
