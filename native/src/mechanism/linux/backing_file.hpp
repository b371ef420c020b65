/// Regular files that carry a session's messages: their making, their room, and the file system below them.
#pragma once

#include <cstdint>
#include <string>

namespace ipc {

/// Creates the file, which must not exist yet, mode 0600, open for reading and writing. Throws Failure.
int create_file(const std::string& path);

/// Takes the room for `bytes` now, so that a full file system is an error here and not a SIGBUS or a short write later
/// (posix_fallocate(3)). `folder` is named in the failure. Throws Failure, limit_reached with the room that there is.
void allocate(int fd, std::uint64_t bytes, const std::string& folder);

/// The kind of file system below an open file: `ext4`, `tmpfs` …; its magic number (statfs(2)) where it is not known here.
std::string file_system_of(int fd);

}  // namespace ipc
