#include "ownership/clean.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <limits>
#include <memory>
#include <sstream>

#include "ownership/names.hpp"
#include "protocol/json.hpp"

namespace ipc {

namespace {

/// Where shm_open keeps its objects, shm_overview(7).
constexpr const char* kSharedMemoryFolder = "/dev/shm";

bool is_alive(int pid) {
  if (pid <= 0 || (kill(pid, 0) != 0 && errno == ESRCH)) return false;
  // A process that nobody has collected yet still takes signals, but does no more: in a container whose first process
  // collects nobody, for ever.
  std::string status;
  std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/stat"), status);
  const std::size_t name_end = status.rfind(')');
  return name_end == std::string::npos || name_end + 2 >= status.size() || status[name_end + 2] != 'Z';
}

bool is_running_helper(int pid) {
  if (!is_alive(pid)) return false;
  // The number may have been given to another program since.
  std::string name;
  std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/comm"), name);
  return name == "ipc-helper";
}

std::string kind_of(mode_t mode) {
  if (S_ISFIFO(mode)) return "fifo";
  return S_ISSOCK(mode) ? "socket" : "file";
}

/// `kind`: of everything in it; empty for a folder of files, which is the user's own.
void clean_folder(const std::string& folder, const std::string& kind, std::vector<Leftover>& removed) {
  struct Close {
    void operator()(DIR* folder_entries) const { closedir(folder_entries); }
  };
  const std::unique_ptr<DIR, Close> entries(opendir(folder.c_str()));
  if (!entries) return;
  const int fd = dirfd(entries.get());
  // A folder that belongs to somebody else is not ours to tidy, whatever its name (/tmp is open to all).
  struct stat own {};
  if (kind.empty() && (fstat(fd, &own) != 0 || own.st_uid != getuid())) return;
  while (const dirent* entry = readdir(entries.get())) {
    const auto owner = owner_of(entry->d_name);
    struct stat status {};
    if (!owner || fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (status.st_uid != getuid() || S_ISDIR(status.st_mode) || is_running_helper(*owner)) continue;
    if (unlinkat(fd, entry->d_name, 0) == 0) {
      removed.push_back({kind.empty() ? kind_of(status.st_mode) : kind, entry->d_name, *owner});
    }
  }
}

/// Where POSIX message queues are shown as files, mq_overview(7); empty where nobody has mounted them.
std::string queue_folder() {
  std::ifstream mounts("/proc/self/mounts");
  std::string device, folder, type;
  while (mounts >> device >> folder >> type) {
    if (type == "mqueue") return folder;
    mounts.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return {};
}

/// System V queues are found by the mark in their keys. A queue of somebody else may bear it by chance, so more has to fit:
/// this user made it, with our mode, and nobody lives who used it last.
void clean_system_v_queues(std::vector<Leftover>& removed) {
  std::ifstream table("/proc/sysvipc/msg");
  std::string line;
  std::getline(table, line);  // the headings
  while (std::getline(table, line)) {
    std::istringstream fields(line);
    std::int32_t key = 0;
    int queue = -1;
    fields >> key >> queue;
    const auto owner = owner_of_key(key);
    msqid_ds status{};
    if (!owner || is_running_helper(*owner) || msgctl(queue, IPC_STAT, &status) != 0) continue;
    const bool ours = status.msg_perm.cuid == getuid() && (status.msg_perm.mode & 0777) == 0600;
    if (!ours || is_alive(status.msg_lspid) || is_alive(status.msg_lrpid)) continue;
    if (msgctl(queue, IPC_RMID, nullptr) == 0) removed.push_back({"message_queue", key_text(key), *owner});
  }
}

}  // namespace

std::vector<Leftover> clean_leftovers() {
  std::vector<Leftover> removed;
  clean_folder(kSharedMemoryFolder, "shared_memory", removed);
  const std::string queues = queue_folder();
  if (!queues.empty()) clean_folder(queues, "message_queue", removed);
  clean_system_v_queues(removed);
  clean_folder(run_folder(), "", removed);
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
