#include "ownership/clean.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <memory>

#include "ownership/names.hpp"
#include "protocol/json.hpp"

namespace ipc {

namespace {

/// Where shm_open keeps its objects, shm_overview(7).
constexpr const char* kSharedMemoryFolder = "/dev/shm";

bool is_running_helper(int pid) {
  if (kill(pid, 0) != 0 && errno == ESRCH) return false;
  // The number may have been given to another program since.
  std::string name;
  std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/comm"), name);
  return name == "ipc-helper";
}

std::string kind_of(mode_t mode, bool shared_memory) {
  if (shared_memory) return "shared_memory";
  if (S_ISFIFO(mode)) return "fifo";
  return S_ISSOCK(mode) ? "socket" : "file";
}

void clean_folder(const std::string& folder, bool shared_memory, std::vector<Leftover>& removed) {
  struct Close {
    void operator()(DIR* folder_entries) const { closedir(folder_entries); }
  };
  const std::unique_ptr<DIR, Close> entries(opendir(folder.c_str()));
  if (!entries) return;
  const int fd = dirfd(entries.get());
  // A folder that belongs to somebody else is not ours to tidy, whatever its name (/tmp is open to all).
  struct stat own {};
  if (!shared_memory && (fstat(fd, &own) != 0 || own.st_uid != getuid())) return;
  while (const dirent* entry = readdir(entries.get())) {
    const auto owner = owner_of(entry->d_name);
    struct stat status {};
    if (!owner || fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (status.st_uid != getuid() || S_ISDIR(status.st_mode) || is_running_helper(*owner)) continue;
    if (unlinkat(fd, entry->d_name, 0) == 0) {
      removed.push_back({kind_of(status.st_mode, shared_memory), entry->d_name, *owner});
    }
  }
}

}  // namespace

std::vector<Leftover> clean_leftovers() {
  std::vector<Leftover> removed;
  clean_folder(kSharedMemoryFolder, true, removed);
  clean_folder(run_folder(), false, removed);
  return removed;
}

std::string cleaned_frame(const std::vector<Leftover>& removed) {
  JsonWriter json;
  json.begin_object().member("t", "cleaned").key("removed").begin_array();
  for (const Leftover& leftover : removed) {
    json.begin_object()
        .member("kind", leftover.kind)
        .member("name", leftover.name)
        .member("owner_pid", leftover.owner_pid)
        .end_object();
  }
  return json.end_array().end_object().take();
}

}  // namespace ipc
