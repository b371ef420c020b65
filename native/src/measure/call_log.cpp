#include "measure/call_log.hpp"

#include <iterator>

namespace ipc {

std::string_view name_of(CallName name) {
  static constexpr std::string_view kNames[] = {
      "write",      "read",      "send",       "recv",       "poll",     "shm_open",    "mmap",     "ring_push", "ring_pop",
      "slot_store", "slot_load", "futex_wait", "futex_wake", "sem_wait", "sem_trywait", "sem_post", "spin",
      "open",       "pwrite",    "pread",      "clock_nanosleep",
      "mq_open",    "mq_send",   "mq_receive", "msgget",     "msgsnd",   "msgrcv",
      "pthread_mutex_lock", "pthread_mutex_unlock", "pthread_cond_timedwait", "pthread_cond_signal",
      "vmsplice",   "sendmmsg",  "recvmmsg",   "io_uring_enter",
      "sendto",     "epoll_wait", "pthread_mutex_trylock", "pthread_mutex_clocklock",
      "pidfd_send_signal", "sigwaitinfo", "sigtimedwait"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(CallName::count));
  return kNames[static_cast<std::size_t>(name)];
}

std::string describe_arguments(const CallRecord& record) {
  std::string text;
  if (record.fd >= 0) text = "fd=" + std::to_string(record.fd);
  if (record.bytes > 0) {
    if (!text.empty()) text += ", ";
    text += std::to_string(record.bytes) + (record.bytes == 1 ? " byte" : " bytes");
  }
  return text;
}

}  // namespace ipc
