#include "system/uring.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ipc {

Uring::Uring(unsigned requests) {
  io_uring_params params{};
  fd_ = static_cast<int>(syscall(SYS_io_uring_setup, requests, &params));
  if (fd_ < 0 || !map(params)) error_ = errno;
}

bool Uring::map(const io_uring_params& params) {
  // Before Linux 5.4 the two rings are mapped one by one; such old kernels are treated as having none.
  if ((params.features & IORING_FEAT_SINGLE_MMAP) == 0) {
    errno = ENOSYS;
    return false;
  }
  const auto shared = [&](std::size_t bytes, std::uint64_t what) -> std::byte* {
    void* const at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd_, static_cast<off_t>(what));
    return at == MAP_FAILED ? nullptr : static_cast<std::byte*>(at);
  };
  ring_bytes_ = std::max(params.sq_off.array + params.sq_entries * sizeof(std::uint32_t),
                         params.cq_off.cqes + params.cq_entries * sizeof(io_uring_cqe));
  rings_ = shared(ring_bytes_, IORING_OFF_SQ_RING);
  if (rings_ == nullptr) return false;
  request_bytes_ = params.sq_entries * sizeof(io_uring_sqe);
  requests_ = reinterpret_cast<io_uring_sqe*>(shared(request_bytes_, IORING_OFF_SQES));
  if (requests_ == nullptr) return false;
  const auto word = [&](std::uint32_t offset) { return reinterpret_cast<std::uint32_t*>(rings_ + offset); };
  request_tail_ = word(params.sq_off.tail);
  request_mask_ = *word(params.sq_off.ring_mask);
  order_ = word(params.sq_off.array);
  answer_head_ = word(params.cq_off.head);
  answer_tail_ = word(params.cq_off.tail);
  answer_mask_ = *word(params.cq_off.ring_mask);
  answers_ = reinterpret_cast<io_uring_cqe*>(rings_ + params.cq_off.cqes);
  tail_ = *request_tail_;
  return true;
}

Uring::~Uring() {
  if (requests_ != nullptr) munmap(requests_, request_bytes_);
  if (rings_ != nullptr) munmap(rings_, ring_bytes_);
  if (fd_ >= 0) close(fd_);
}

io_uring_sqe& Uring::request() {
  const std::uint32_t index = tail_++ & request_mask_;
  ++filled_;
  order_[index] = index;
  std::memset(&requests_[index], 0, sizeof requests_[index]);
  return requests_[index];
}

int Uring::submit(unsigned answers) {
  // release: the kernel that sees the tail sees the requests.
  __atomic_store_n(request_tail_, tail_, __ATOMIC_RELEASE);
  const auto taken =
      static_cast<int>(syscall(SYS_io_uring_enter, fd_, filled_, answers, IORING_ENTER_GETEVENTS, nullptr, 0));
  if (taken > 0) filled_ -= static_cast<unsigned>(taken);
  return taken;
}

}  // namespace ipc
