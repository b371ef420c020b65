#include "ownership/run_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "ownership/names.hpp"
#include "protocol/failure.hpp"

namespace ipc {

namespace {

[[noreturn]] void refuse(const std::string& folder, const std::string& why, int error) {
  Failure failure{ErrorCode::no_permission, folder + " cannot be used: " + why,
                  "Remove it, or point XDG_RUNTIME_DIR to a folder of your own."};
  failure.where = folder;
  if (error != 0) failure.errno_name = errno_name(error);
  failure.exit_code = kExitSystem;
  throw failure;
}

}  // namespace

std::string made_run_folder() {
  const std::string folder = run_folder();
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) refuse(folder, "it cannot be made", errno);
  // O_NOFOLLOW: a link that somebody laid there leads to a place of theirs.
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) refuse(folder, "it is no folder, or not open to this user", errno);
  struct stat status {};
  const bool known = fstat(fd, &status) == 0;
  const bool own = known && status.st_uid == geteuid();
  // Our own, but open to others: closed before anything lies in it.
  const bool closed = own && ((status.st_mode & 077) == 0 || fchmod(fd, 0700) == 0);
  close(fd);
  if (!own) refuse(folder, "it belongs to another user", 0);
  if (!closed) refuse(folder, "others may enter it", 0);
  return folder;
}

std::string run_path(int owner_pid, const std::string& what) {
  return run_folder() + "/" + object_name(owner_pid, what);
}

const std::string& RunFiles::reserve(const std::string& what) {
  const std::string path = made_run_folder() + "/" + object_name(getpid(), what);
  if (unlink(path.c_str()) != 0 && errno != ENOENT) throw system_failure("unlink", errno);
  paths_.push_back(path);
  return paths_.back();
}

void RunFiles::remove() {
  for (const std::string& path : paths_) unlink(path.c_str());
  paths_.clear();
}

}  // namespace ipc
