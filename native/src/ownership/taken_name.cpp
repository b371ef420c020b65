#include "ownership/taken_name.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace ipc {

bool made_by_us(int fd) {
  struct stat status {};
  return fd >= 0 && fstat(fd, &status) == 0 && status.st_uid == geteuid();
}

Failure name_taken(const std::string& call, const std::string& name) {
  Failure failure{ErrorCode::no_permission, call + " failed: " + name + " exists and belongs to another user",
                  "Start the session again, which gives it another name; or let that user or an administrator remove it."};
  failure.where = name;
  failure.errno_name = "EEXIST";
  failure.exit_code = kExitSystem;
  return failure;
}

}  // namespace ipc
