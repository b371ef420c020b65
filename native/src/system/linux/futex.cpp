#include "system/futex.hpp"

#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "measure/clock.hpp"

namespace ipc {

static_assert(sizeof(std::atomic<std::uint32_t>) == 4, "a futex word is 4 bytes");

int futex_wait_until(std::atomic<std::uint32_t>& word, std::uint32_t value, std::uint64_t deadline_ns) {
  // FUTEX_WAIT_BITSET, because its timeout is absolute; not FUTEX_PRIVATE_FLAG, because two processes share the word.
  const timespec deadline = to_timespec(deadline_ns);
  const long result = syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, value, &deadline, nullptr, FUTEX_BITSET_MATCH_ANY);
  return result == 0 ? 0 : errno;
}

int futex_wake(std::atomic<std::uint32_t>& word, int count) {
  return static_cast<int>(syscall(SYS_futex, &word, FUTEX_WAKE, count, nullptr, nullptr, 0));
}

bool register_for_heavy_barrier() {
  return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0) == 0;
}

bool heavy_barrier() { return syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0) == 0; }

}  // namespace ipc
