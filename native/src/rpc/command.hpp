/// `ipc-helper rpc serve` and `ipc-helper rpc call`: our program without a session, for other programs to talk to.
#pragma once

#include <string>
#include <vector>

namespace ipc::rpc {

/// Runs the command in `words` (`serve` or `call`, then flags); answers the exit code. Throws Failure.
int run_command(const std::vector<std::string>& words);

}  // namespace ipc::rpc
