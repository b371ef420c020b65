/// The log of single calls: a ring in shared memory, written by one peer and read by the supervisor.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace ipc {

enum class CallName : std::uint32_t {
  write,
  read,
  send,
  recv,
  poll,
  shm_open,
  mmap,
  ring_push,
  ring_pop,
  slot_store,
  slot_load,
  futex_wait,
  futex_wake,
  sem_wait,
  sem_trywait,
  sem_post,
  spin,
  open,
  pwrite,
  pread,
  clock_nanosleep,
  mq_open,
  mq_send,
  mq_receive,
  msgget,
  msgsnd,
  msgrcv,
  pthread_mutex_lock,
  pthread_mutex_unlock,
  pthread_cond_timedwait,
  pthread_cond_signal,
  vmsplice,
  sendmmsg,
  recvmmsg,
  io_uring_enter,
  sendto,
  epoll_wait,
  pthread_mutex_trylock,
  pthread_mutex_clocklock,
  pidfd_send_signal,
  sigwaitinfo,
  sigtimedwait,
  /// How many there are; not a call.
  count,
};

std::string_view name_of(CallName name);

struct CallRecord {
  std::uint64_t start_ns;
  std::uint64_t duration_ns;
  std::int64_t result;
  /// 0 when the call succeeded.
  std::int32_t error;
  /// Descriptor, or -1.
  std::int32_t fd;
  /// Size argument, or 0.
  std::uint64_t bytes;
  CallName name;
};

/// The arguments as a person would write them, for instance `fd=4, 64 bytes`.
std::string describe_arguments(const CallRecord& record);

class CallLog {
 public:
  static constexpr std::uint64_t kSlots = 256;

  /// For the peer. A full log drops the entry: the log must never hold up what it logs.
  void push(const CallRecord& record) {
    const std::uint64_t at = written_.load(std::memory_order_relaxed);
    // acquire: the reader is done with the slot before it is filled again.
    if (at - taken_.load(std::memory_order_acquire) >= kSlots) return;
    records_[at % kSlots] = record;
    // release: whoever sees the new count sees the record.
    written_.store(at + 1, std::memory_order_release);
  }

  /// For the supervisor: calls `use` with each entry not yet taken.
  template <class Use>
  void take(Use&& use) {
    const std::uint64_t end = written_.load(std::memory_order_acquire);
    std::uint64_t at = taken_.load(std::memory_order_relaxed);
    for (; at != end; ++at) use(records_[at % kSlots]);
    taken_.store(at, std::memory_order_release);
  }

 private:
  alignas(64) std::atomic<std::uint64_t> written_{0};
  alignas(64) std::atomic<std::uint64_t> taken_{0};
  std::array<CallRecord, kSlots> records_{};
};

}  // namespace ipc
