#include "system/facts.hpp"

#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>

#include "ownership/names.hpp"

namespace ipc {

SystemFacts system_facts() {
  utsname names{};
  uname(&names);
  return {"linux", names.release, names.machine, static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))};
}

std::uint64_t number_in_file(const char* path) {
  std::uint64_t number = 0;
  std::ifstream(path) >> number;
  return number;
}

std::vector<std::pair<std::string, std::uint64_t>> system_limits() {
  std::vector<std::pair<std::string, std::uint64_t>> limits;
  const auto add = [&](const char* name, std::uint64_t value) {
    if (value != 0) limits.emplace_back(name, value);
  };
  add("pipe_max_bytes", number_in_file("/proc/sys/fs/pipe-max-size"));
  add("socket_send_max_bytes", number_in_file("/proc/sys/net/core/wmem_max"));
  add("socket_receive_max_bytes", number_in_file("/proc/sys/net/core/rmem_max"));
  struct statvfs memory {};
  if (statvfs("/dev/shm", &memory) == 0) add("shared_memory_free_bytes", memory.f_bavail * memory.f_frsize);
  // Before the first session that needs it the folder does not exist; the file system is that of the one above.
  const std::string folder = run_folder();
  struct statvfs files {};
  if (statvfs(folder.c_str(), &files) == 0 || statvfs(folder.substr(0, folder.rfind('/')).c_str(), &files) == 0) {
    add("run_folder_free_bytes", files.f_bavail * files.f_frsize);
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) add("open_files", limit.rlim_cur);
  add("mq_queue_max_messages", number_in_file("/proc/sys/fs/mqueue/msg_max"));
  add("mq_message_max_bytes", number_in_file("/proc/sys/fs/mqueue/msgsize_max"));
  add("mq_queues_max", number_in_file("/proc/sys/fs/mqueue/queues_max"));
  if (getrlimit(RLIMIT_MSGQUEUE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) add("mq_user_max_bytes", limit.rlim_cur);
  add("sysv_message_max_bytes", number_in_file("/proc/sys/kernel/msgmax"));
  add("sysv_queue_max_bytes", number_in_file("/proc/sys/kernel/msgmnb"));
  add("sysv_queues_max", number_in_file("/proc/sys/kernel/msgmni"));
  if (getrlimit(RLIMIT_SIGPENDING, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    add("pending_signals_max", limit.rlim_cur);
  }
  if (getrlimit(RLIMIT_NPROC, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) add("processes", limit.rlim_cur);
  return limits;
}

std::uint64_t stolen_ticks() {
  std::ifstream file("/proc/stat");
  std::string label;
  std::uint64_t fields[8] = {};
  file >> label;
  for (std::uint64_t& field : fields) file >> field;
  return file ? fields[7] : 0;
}

std::uint64_t ticks_per_second() { return static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK)); }

}  // namespace ipc
