/// Names of the objects that sessions create, and the folder of those that are files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ipc {

/// `ipc-scope-PID-WHAT`.
std::string object_name(int owner_pid, std::string_view what);

/// The pid in a name of this form; empty for any other name.
std::optional<int> owner_of(std::string_view name);

/// The user's own folder for objects that are files: $XDG_RUNTIME_DIR/ipc-scope, else /tmp/ipc-scope-UID. Not created.
std::string run_folder();

}  // namespace ipc
