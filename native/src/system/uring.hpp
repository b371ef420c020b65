/// io_uring(7) by its bare system calls: requests are written into a ring that the kernel shares, and one call submits them
/// and waits for their answers.
#pragma once

#include <linux/io_uring.h>

#include <cstddef>
#include <cstdint>

namespace ipc {

class Uring {
 public:
  /// A ring for at most this many requests at a time. `error` tells whether there is one.
  explicit Uring(unsigned requests);
  ~Uring();
  Uring(const Uring&) = delete;
  Uring& operator=(const Uring&) = delete;

  /// 0, or the errno of the call that was refused: EPERM where kernel.io_uring_disabled or a seccomp filter forbids it,
  /// ENOSYS where the kernel knows none.
  int error() const { return error_; }
  int fd() const { return fd_; }

  /// The next request, all noughts, to be filled in. At most as many before `submit` as the ring has room for.
  io_uring_sqe& request();

  /// Submits what was filled in and waits until `answers` answers lie there. Answers as the system call does, io_uring_enter(2).
  int submit(unsigned answers);

  /// Calls `use(user_data, result)` with each answer that is there, results being those of the system calls, or minus errno.
  /// Answers how many there were.
  template <class Use>
  unsigned take(Use&& use) {
    const std::uint32_t first = *answer_head_;
    // acquire: the answers up to the tail are written.
    const std::uint32_t end = __atomic_load_n(answer_tail_, __ATOMIC_ACQUIRE);
    for (std::uint32_t at = first; at != end; ++at) {
      const io_uring_cqe& answer = answers_[at & answer_mask_];
      use(answer.user_data, answer.res);
    }
    // release: we are through with them before the kernel writes there again.
    __atomic_store_n(answer_head_, end, __ATOMIC_RELEASE);
    return end - first;
  }

 private:
  bool map(const io_uring_params& params);

  int fd_ = -1;
  int error_ = 0;
  std::byte* rings_ = nullptr;
  std::size_t ring_bytes_ = 0;
  io_uring_sqe* requests_ = nullptr;
  std::size_t request_bytes_ = 0;
  std::uint32_t* request_tail_ = nullptr;
  std::uint32_t request_mask_ = 0;
  std::uint32_t* order_ = nullptr;
  std::uint32_t* answer_head_ = nullptr;
  std::uint32_t* answer_tail_ = nullptr;
  std::uint32_t answer_mask_ = 0;
  io_uring_cqe* answers_ = nullptr;
  /// Behind the last request that was filled in.
  std::uint32_t tail_ = 0;
  /// Filled in, and not yet taken by the kernel.
  unsigned filled_ = 0;
};

}  // namespace ipc
