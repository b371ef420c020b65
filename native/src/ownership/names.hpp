/// Names of the objects that sessions create, and the folder of those that are files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ipc {

/// `ipc-scope-PID-WHAT`.
std::string object_name(int owner_pid, std::string_view what);

/// The pid in a name of this form; empty for any other name.
std::optional<int> owner_of(std::string_view name);

/// How many keys each process has for System V objects.
inline constexpr int kKeysAProcess = 4;

/// The key of a System V object, which has no room for a name: a mark in the upper 8 bits, `index` (below kKeysAProcess) in
/// the next 2, and the owner's pid, which has at most 22 (PID_MAX_LIMIT, proc_sys_kernel(5)).
std::int32_t object_key(int owner_pid, int index);

/// The pid in a key of this form; empty for any other key.
std::optional<int> owner_of_key(std::int32_t key);

/// `0x` and eight hexadecimal digits, as ipcs(1) shows keys.
std::string key_text(std::int32_t key);

/// The user's own folder for objects that are files: $XDG_RUNTIME_DIR/ipc-scope, else /tmp/ipc-scope-UID. Not created.
std::string run_folder();

}  // namespace ipc
