#include "mechanism/linux/pipe_object.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>

#include "mechanism/linux/readiness.hpp"
#include "mechanism/linux/ready_pipe.hpp"
#include "mechanism/linux/splice_channel.hpp"
#include "mechanism/linux/uring_channel.hpp"
#include "mechanism/posix/batch_channel.hpp"
#include "mechanism/posix/fd_channel.hpp"
#include "mechanism/posix/pipe_calls.hpp"
#include "mechanism/posix/tuned.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "system/facts.hpp"
#include "system/owned_fd.hpp"

namespace ipc {

namespace {

constexpr std::uint64_t kDefaultCapacity = 65'536;  // 16 pages, pipe(7)

/// A type of this file alone: the compiler knows all uses of the loops over it, and makes them tighter.
struct OwnPipeCalls : PipeCalls {};

std::uint64_t max_capacity() {
  const std::uint64_t bytes = number_in_file("/proc/sys/fs/pipe-max-size");
  return bytes != 0 ? bytes : 1'048'576;  // the default, pipe(7)
}

/// Small messages gathered, the pages of the batch handed over; the reader takes what is there.
int run_tuned_stream(PeerContext& context) {
  if (context.role() == Role::consumer) {
    BatchConsumer<PipeCalls> channel(context, kBatchBytes);
    return run_consumer(context, channel);
  }
  // The capacity may be changed up to the greatest while the session runs.
  const int now = fcntl(context.slot().endpoint.send_fd, F_GETPIPE_SZ);
  const std::uint64_t most = std::max(max_capacity(), now > 0 ? static_cast<std::uint64_t>(now) : 0);
  SpliceProducer<PipeCalls> channel(context, pages_of(most), kBatchBytes);
  if (!channel.valid()) return context.end(Outcome::failed);
  return run_producer(context, channel);
}

}  // namespace

std::size_t pipes_of(const Settings& settings) {
  if (settings.broadcast()) return settings.consumers;
  return settings.two_way() ? 2 : 1;
}

std::vector<OptionRow> pipe_options() {
  return session_options(
      {.max_capacity = max_capacity(), .live_capacity = true, .several = true, .dialogue = true}, {receive_option()});
}

/// The kernel keeps a write of at most PIPE_BUF bytes in one piece (pipe(7)). Several writers of longer ones may mix: that
/// is what they are to see. Several readers would then each get pieces of several messages, of which nothing can be said.
void resolve_pipe(Settings& settings) {
  resolve_tuned(settings);
  refuse_without_uring(settings);
  if (!settings.shared_channel() || settings.size_bytes <= PIPE_BUF) return;
  Failure failure{ErrorCode::out_of_range, "several readers of one pipe get whole messages only up to PIPE_BUF",
                  "Use a smaller size, or one consumer (pattern fan_in)."};
  failure.where = "--size";
  failure.value = std::to_string(settings.size_bytes);
  failure.allowed = std::to_string(kWholeNumberBytes) + ".." + std::to_string(PIPE_BUF);
  throw failure;
}

std::uint64_t resize_pipe(int fd, std::uint64_t bytes) {
  const int result = fcntl(fd, F_SETPIPE_SZ, static_cast<int>(bytes == 0 ? kDefaultCapacity : bytes));
  if (result >= 0) return static_cast<std::uint64_t>(result);
  if (errno != EBUSY) throw system_failure("fcntl F_SETPIPE_SZ", errno);
  throw Failure{ErrorCode::system_refused, "the pipe holds more than the new capacity now",
                "Try again while it is emptier, or choose more.", "capacity_bytes", std::to_string(bytes), "", "EBUSY"};
}

void resize_to_fit(int fd, const Settings& settings) {
  if (settings.capacity_bytes != 0) {
    resize_pipe(fd, settings.capacity_bytes);
  } else if (!settings.plain()) {
    // The system also bounds what all pipes of a user take together (pipe-user-pages-soft, pipe(7)): half is tried then, and
    // half of that.
    for (std::uint64_t bytes = max_capacity(); bytes > kDefaultCapacity; bytes /= 2) {
      if (fcntl(fd, F_SETPIPE_SZ, static_cast<int>(bytes)) >= 0) return;
    }
  }
}

int run_on_pipes(PeerContext& context) {
  if (is_uring(context.settings())) return run_uring<PipeCalls, IORING_OP_WRITE>(context, kBatchBytes);
  if (context.settings().tuned() && !context.settings().pingpong()) return run_tuned_stream(context);
  if (context.settings().broadcast() && context.role() == Role::producer) {
    BroadcastChannel<OwnPipeCalls> channel(context);
    return run_loops(context, channel);
  }
  if (polls_to_receive(context)) return run_on_ready_pipe(context);
  FdChannel<OwnPipeCalls> channel(context);
  return run_loops(context, channel);
}

Occupancy PipeChannelResource::occupancy_of(const Child& reader, int read_fd) const {
  // Borrowed for a moment only: kept, the descriptor would hide from the writer that its reader is gone.
  const OwnedFd fd(borrow_descriptor(reader, read_fd));
  if (fd.get() < 0) return {};
  Occupancy now;
  int waiting = 0;
  if (ioctl(fd.get(), FIONREAD, &waiting) == 0 && waiting >= 0) {
    now.used_bytes = static_cast<std::uint64_t>(waiting);
    now.used_messages = *now.used_bytes / page_.settings.size_bytes;
  }
  const int capacity = fcntl(fd.get(), F_GETPIPE_SZ);
  if (capacity > 0) now.capacity_bytes = static_cast<std::uint64_t>(capacity);
  return now;
}

Occupancy PipeChannelResource::occupancy(const std::vector<Child>& peers) {
  const std::size_t first = page_.settings.producers;
  Occupancy fullest = occupancy_of(peers[first], page_.slots[first].endpoint.receive_fd);
  if (!page_.settings.broadcast()) return fullest;
  for (std::size_t i = first + 1; i < peers.size(); ++i) {
    const Occupancy one = occupancy_of(peers[i], page_.slots[i].endpoint.receive_fd);
    if (one.used_bytes.value_or(0) > fullest.used_bytes.value_or(0)) fullest = one;
  }
  return fullest;
}

std::uint64_t PipeChannelResource::set_capacity(std::uint64_t bytes, const std::vector<Child>& peers) {
  std::uint64_t answer = 0;
  for (std::size_t i = 0; i < peers.size(); ++i) {
    const Endpoint& endpoint = page_.slots[i].endpoint;
    if (endpoint.receive_fd < 0) continue;
    const OwnedFd fd(borrow_descriptor(peers[i], endpoint.receive_fd));
    if (fd.get() < 0) throw system_failure("pidfd_getfd", errno);
    answer = resize_pipe(fd.get(), bytes != 0 || page_.settings.plain() ? bytes : max_capacity());
    // All readers of a stream have the same pipe.
    if (!page_.settings.broadcast() && endpoint.send_fd < 0) break;
  }
  return answer;
}

void PipeChannelResource::note_object(const char* kind, const std::string& name, int fd) {
  struct stat status {};
  fstat(fd, &status);
  char mode[8];
  std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(status.st_mode & 07777));
  const auto capacity = static_cast<std::uint64_t>(fcntl(fd, F_GETPIPE_SZ));
  objects_.push_back({kind, name, mode, capacity,
                      // A slot holds a page at most, however little a write leaves in it: not every byte can be used.
                      capacity / static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))});
  page_.settings.capacity_bytes = capacity;
}

}  // namespace ipc
