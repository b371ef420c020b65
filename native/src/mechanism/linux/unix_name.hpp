/// The names of Unix sockets (unix(7)).
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <cstdint>
#include <optional>
#include <string>

#include "options/settings.hpp"
#include "ownership/run_folder.hpp"
#include "session/resource.hpp"

namespace ipc {

/// The name of one end, in the abstract namespace or in the file system.
class UnixName {
 public:
  /// How it ends: WHAT. A path is put on the list of `files`. Throws Failure.
  UnixName(const Settings& settings, RunFiles& files, const std::string& what);
  /// The same name for a process that did not make it: of the session whose supervisor has this pid. Throws Failure.
  UnixName(const Settings& settings, int owner_pid, const std::string& what);

  /// Binds an unbound socket; a file is open to this user alone. Throws Failure.
  void bind_to(int fd) const;
  /// Connects a socket to the one of this name. Throws Failure.
  void connect_to(int fd) const;

  ObjectInfo info(std::optional<std::uint64_t> capacity, const char* kind = "socket") const;

  const sockaddr* address() const { return reinterpret_cast<const sockaddr*>(&address_); }
  socklen_t length() const { return length_; }

 private:
  void assign(const std::string& name);

  bool path_;
  sockaddr_un address_{};
  socklen_t length_;
  std::string text_;
};

}  // namespace ipc
