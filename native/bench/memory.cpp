#include "memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <new>

#include "ownership/names.hpp"

namespace bare {

namespace {

/// Shared by two processes; robust as the helper's, since that is another and slower kind of lock.
void init_monitor(RingState& state) {
  pthread_mutexattr_t mutex;
  pthread_mutexattr_init(&mutex);
  pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&mutex, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&state.mutex, &mutex);
  pthread_condattr_t condition;
  pthread_condattr_init(&condition);
  pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED);
  pthread_cond_init(&state.not_full, &condition);
  pthread_cond_init(&state.not_empty, &condition);
}

}  // namespace

std::uint64_t slot_stride(const Options& options) {
  const std::uint64_t unit = options.size < 64 ? 8 : 64;
  return (options.size + unit - 1) / unit * unit;
}

std::uint64_t slot_count(const Options& options) {
  constexpr std::uint64_t kUsual = 1 << 20;
  const std::uint64_t stride = slot_stride(options);
  const std::uint64_t capacity = options.capacity != 0 ? options.capacity : std::max(kUsual, 4 * stride);
  return std::max<std::uint64_t>(1, capacity / stride);
}

int unnamed_file(const char* what, std::uint64_t bytes) {
  mkdir(ipc::run_folder().c_str(), 0700);
  const std::string path = ipc::run_folder() + "/" + ipc::object_name(getpid(), what);
  const int fd = open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  unlink(path.c_str());
  if (fd < 0) die("open");
  if (posix_fallocate(fd, 0, static_cast<off_t>(bytes)) != 0) die("posix_fallocate");
  return fd;
}

Ring make_ring(const Options& options, unsigned index) {
  const std::uint64_t stride = slot_stride(options);
  const std::uint64_t slots = slot_count(options);
  const std::size_t bytes = sizeof(RingState) + slots * stride;
  const bool file = options.mechanism == "mmap";
  const int fd = file ? unnamed_file(index == 0 ? "bare-mmap-0" : "bare-mmap-1", bytes) : -1;
  const int flags = MAP_SHARED | MAP_POPULATE | (file ? 0 : MAP_ANONYMOUS);
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
  if (memory == MAP_FAILED) die("mmap");
  if (fd >= 0) close(fd);
  auto* state = new (memory) RingState;
  sem_init(&state->filled, 1, 0);
  sem_init(&state->vacant, 1, static_cast<unsigned>(slots));
  init_monitor(*state);
  return {state, static_cast<char*>(memory) + sizeof(RingState), slots, stride};
}

}  // namespace bare
