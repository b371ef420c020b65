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
  const auto add_own = [&](const char* name, int resource) {
    rlimit limit{};
    if (getrlimit(static_cast<__rlimit_resource_t>(resource), &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
      // Nought is a limit too.
      limits.emplace_back(name, limit.rlim_cur);
    }
  };
  add("pipe_max_bytes", number_in_file("/proc/sys/fs/pipe-max-size"));
  add("pipe_user_soft_pages", number_in_file("/proc/sys/fs/pipe-user-pages-soft"));
  add("pipe_user_hard_pages", number_in_file("/proc/sys/fs/pipe-user-pages-hard"));
  add("socket_send_max_bytes", number_in_file("/proc/sys/net/core/wmem_max"));
  add("socket_receive_max_bytes", number_in_file("/proc/sys/net/core/rmem_max"));
  add("mailbox_max_messages", number_in_file("/proc/sys/net/unix/max_dgram_qlen"));
  struct statvfs memory {};
  if (statvfs("/dev/shm", &memory) == 0) add("shared_memory_free_bytes", memory.f_bavail * memory.f_frsize);
  // Before the first session that needs it the folder does not exist; the file system is that of the one above.
  const std::string folder = run_folder();
  struct statvfs files {};
  if (statvfs(folder.c_str(), &files) == 0 || statvfs(folder.substr(0, folder.rfind('/')).c_str(), &files) == 0) {
    add("run_folder_free_bytes", files.f_bavail * files.f_frsize);
  }
  add_own("open_files", RLIMIT_NOFILE);
  add_own("file_size_bytes", RLIMIT_FSIZE);
  add_own("locked_memory_bytes", RLIMIT_MEMLOCK);
  add_own("pending_signals", RLIMIT_SIGPENDING);
  add("mq_queue_max_messages", number_in_file("/proc/sys/fs/mqueue/msg_max"));
  add("mq_message_max_bytes", number_in_file("/proc/sys/fs/mqueue/msgsize_max"));
  add("mq_queues_max", number_in_file("/proc/sys/fs/mqueue/queues_max"));
  add_own("mq_user_max_bytes", RLIMIT_MSGQUEUE);
  add("sysv_message_max_bytes", number_in_file("/proc/sys/kernel/msgmax"));
  add("sysv_queue_max_bytes", number_in_file("/proc/sys/kernel/msgmnb"));
  add("sysv_queues_max", number_in_file("/proc/sys/kernel/msgmni"));
  add_own("processes", RLIMIT_NPROC);
  return limits;
}

std::string power_saving() {
  const auto word_in = [](const char* path) {
    std::string word;
    std::ifstream(path) >> word;
    return word;
  };
  std::string text;
  const std::string idle = word_in("/sys/devices/system/cpu/cpuidle/current_driver");
  if (!idle.empty() && idle != "none") text = "idle driver " + idle;
  const std::string governor = word_in("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  if (!governor.empty()) text += (text.empty() ? "" : ", ") + ("frequency governor " + governor);
  return text;
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
