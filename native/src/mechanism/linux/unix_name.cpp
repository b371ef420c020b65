#include "mechanism/linux/unix_name.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>

#include "ownership/names.hpp"
#include "protocol/failure.hpp"

namespace ipc {

namespace {

[[noreturn]] void refuse(const std::string& name) {
  Failure failure{ErrorCode::out_of_range, "the path of the socket has more than the 107 bytes that an address holds",
                  "Set XDG_RUNTIME_DIR to a shorter path, or use --address abstract."};
  failure.where = "--address";
  failure.value = name;
  failure.exit_code = kExitSystem;
  throw failure;
}

}  // namespace

UnixName::UnixName(const Settings& settings, RunFiles& files, const std::string& what)
    : path_(settings.address.view() == "path") {
  assign(path_ ? files.reserve(what) : object_name(getpid(), what));
}

UnixName::UnixName(const Settings& settings, int owner_pid, const std::string& what)
    : path_(settings.address.view() == "path") {
  assign(path_ ? run_path(owner_pid, what) : object_name(owner_pid, what));
}

void UnixName::assign(const std::string& name) {
  address_.sun_family = AF_UNIX;
  // An abstract name starts with a null byte, and ends where its length says (unix(7)).
  char* const at = path_ ? address_.sun_path : address_.sun_path + 1;
  if (name.size() + 1 > sizeof address_.sun_path) refuse(name);
  std::memcpy(at, name.data(), name.size());
  length_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size() + 1);
  text_ = path_ ? name : "@" + name;
}

void UnixName::bind_to(int fd) const {
  // Linux gives the file the mode that the unbound socket has, so at no moment is it open to others.
  if (path_ && fchmod(fd, 0600) != 0) throw system_failure("fchmod", errno);
  if (bind(fd, address(), length_) != 0) throw system_failure("bind", errno);
}

void UnixName::connect_to(int fd) const {
  if (connect(fd, address(), length_) != 0) throw system_failure("connect", errno);
}

ObjectInfo UnixName::info(std::optional<std::uint64_t> capacity, const char* kind) const {
  struct stat status {};
  // An abstract name has no permissions at all.
  if (!path_ || stat(text_.c_str(), &status) != 0) return {kind, text_, "none", capacity};
  char mode[8];
  std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(status.st_mode & 07777));
  return {kind, text_, mode, capacity};
}

}  // namespace ipc
