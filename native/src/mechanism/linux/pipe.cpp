/// Anonymous pipes (pipe(7)): one for all writers and readers of a stream, two for a conversation, because a pipe is
/// one-way, and one for each reader of a broadcast, because a pipe gives a byte to one reader only. One message a
/// call: reading all that is there at once makes the reader outrun the writer, who must then wake it for every message, and
/// is less than half as fast at 64 bytes.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "mechanism/posix/fd_channel.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"
#include "system/facts.hpp"

namespace ipc {

namespace {

struct PipeCalls {
  static constexpr CallName kPut = CallName::write;
  static constexpr CallName kTake = CallName::read;
  static constexpr const char* kPutName = "write";
  static constexpr const char* kTakeName = "read";
  static ssize_t put(int fd, const std::byte* data, std::size_t size) { return ::write(fd, data, size); }
  static ssize_t take(int fd, std::byte* data, std::size_t size) { return ::read(fd, data, size); }
  static void half_close(int fd) {
    if (fd >= 0) ::close(fd);
  }
};

std::uint64_t max_capacity() {
  const std::uint64_t bytes = number_in_file("/proc/sys/fs/pipe-max-size");
  return bytes != 0 ? bytes : 1'048'576;  // the default, pipe(7)
}

struct Pipe {
  int read_fd = -1;
  int write_fd = -1;

  void close_both() {
    if (read_fd >= 0) ::close(read_fd);
    if (write_fd >= 0) ::close(write_fd);
  }
};

class PipeResource final : public Resource {
 public:
  PipeResource(const Settings& settings, StatsPage& page)
      : page_(page), blocking_(settings.blocking), message_bytes_(settings.size_bytes), producers_(settings.producers) {
    const std::size_t pipes = settings.broadcast() ? settings.consumers : settings.pingpong() ? 2 : 1;
    try {
      for (std::size_t i = 0; i < pipes; ++i) pipes_.push_back(make(settings));
    } catch (...) {
      started();
      throw;
    }
    for (unsigned i = 0; i < settings.processes(); ++i) {
      endpoints_.push_back(i < producers_ ? Endpoint{pipes_[0].write_fd, -1} : Endpoint{-1, pipes_[0].read_fd});
    }
    if (settings.pingpong()) {
      endpoints_[0].receive_fd = pipes_[1].read_fd;
      endpoints_[1].send_fd = pipes_[1].write_fd;
    }
    if (settings.broadcast()) {
      for (std::size_t i = 0; i < pipes; ++i) {
        endpoints_[1 + i].receive_fd = pipes_[i].read_fd;
        page.broadcast_fds[i] = pipes_[i].write_fd;
        broadcast_fds_.push_back(pipes_[i].write_fd);
      }
    }
    for (unsigned i = 0; i < settings.processes(); ++i) page.slots[i].endpoint = endpoints_[i];
    note_objects();
  }
  ~PipeResource() override { started(); }

  std::vector<ObjectInfo> objects() const override { return objects_; }

  std::vector<int> inherited(unsigned ordinal) const override {
    if (ordinal == 0 && !broadcast_fds_.empty()) return broadcast_fds_;
    std::vector<int> fds;
    for (const int fd : {endpoints_[ordinal].send_fd, endpoints_[ordinal].receive_fd}) {
      if (fd >= 0) fds.push_back(fd);
    }
    return fds;
  }

  void started() override {
    // An end left open here would keep a reader from seeing the end of the stream, and a writer from seeing EPIPE.
    for (Pipe& pipe : pipes_) {
      pipe.close_both();
      pipe = {};
    }
  }

  /// Under broadcast: of the fullest pipe, which is the one that holds the producer up.
  Occupancy occupancy(const std::vector<Child>& peers) override {
    Occupancy fullest = occupancy_of(peers[producers_], endpoints_[producers_].receive_fd);
    for (std::size_t i = 1; i < broadcast_fds_.size(); ++i) {
      const Occupancy one = occupancy_of(peers[1 + i], endpoints_[1 + i].receive_fd);
      if (one.used_bytes.value_or(0) > fullest.used_bytes.value_or(0)) fullest = one;
    }
    return fullest;
  }

  std::uint64_t set_capacity(std::uint64_t bytes, const std::vector<Child>& peers) override {
    std::uint64_t answer = 0;
    for (std::size_t i = 0; i < endpoints_.size(); ++i) {
      if (endpoints_[i].receive_fd < 0) continue;
      answer = set_capacity_of(bytes, peers[i], endpoints_[i].receive_fd);
      // All readers of a stream have the same pipe.
      if (broadcast_fds_.empty() && endpoints_[i].send_fd < 0) break;
    }
    return answer;
  }

  bool waits_inside_calls() const override { return blocking_; }

 private:
  static constexpr std::uint64_t kDefaultCapacity = 65'536;  // 16 pages, pipe(7)

  Occupancy occupancy_of(const Child& reader, int read_fd) const {
    // Borrowed for a moment only: kept, the descriptor would hide from the writer that its reader is gone.
    const int fd = borrow_descriptor(reader, read_fd);
    if (fd < 0) return {};
    Occupancy now;
    int waiting = 0;
    if (ioctl(fd, FIONREAD, &waiting) == 0 && waiting >= 0) {
      now.used_bytes = static_cast<std::uint64_t>(waiting);
      now.used_messages = *now.used_bytes / message_bytes_;
    }
    const int capacity = fcntl(fd, F_GETPIPE_SZ);
    if (capacity > 0) now.capacity_bytes = static_cast<std::uint64_t>(capacity);
    ::close(fd);
    return now;
  }

  static std::uint64_t set_capacity_of(std::uint64_t bytes, const Child& reader, int read_fd) {
    const int fd = borrow_descriptor(reader, read_fd);
    if (fd < 0) throw system_failure("pidfd_getfd", errno);
    const int result = fcntl(fd, F_SETPIPE_SZ, static_cast<int>(bytes == 0 ? kDefaultCapacity : bytes));
    const int error = errno;
    ::close(fd);
    if (result < 0 && error == EBUSY) {
      throw Failure{ErrorCode::system_refused, "the pipe holds more than the new capacity now",
                    "Try again while it is emptier, or choose more.", "capacity_bytes", std::to_string(bytes), "",
                    "EBUSY"};
    }
    if (result < 0) throw system_failure("fcntl F_SETPIPE_SZ", error);
    return static_cast<std::uint64_t>(result);
  }

  static Pipe make(const Settings& settings) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC | (settings.blocking ? 0 : O_NONBLOCK)) != 0) throw system_failure("pipe2", errno);
    if (settings.capacity_bytes != 0 &&
        fcntl(fds[1], F_SETPIPE_SZ, static_cast<int>(settings.capacity_bytes)) < 0) {
      throw system_failure("fcntl F_SETPIPE_SZ", errno);
    }
    return {fds[0], fds[1]};
  }

  void note_objects() {
    for (const Pipe& pipe : pipes_) {
      if (pipe.read_fd < 0) continue;
      struct stat status {};
      fstat(pipe.read_fd, &status);
      char mode[8];
      std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(status.st_mode & 07777));
      const int capacity = fcntl(pipe.read_fd, F_GETPIPE_SZ);
      objects_.push_back({"pipe",
                          "pipe:[" + std::to_string(status.st_ino) + "] read fd " + std::to_string(pipe.read_fd) +
                              ", write fd " + std::to_string(pipe.write_fd),
                          mode, static_cast<std::uint64_t>(capacity),
                          // A slot holds a page at most, however little a write leaves in it: not every byte can be used.
                          static_cast<std::uint64_t>(capacity / sysconf(_SC_PAGESIZE))});
      page_.settings.capacity_bytes = static_cast<std::uint64_t>(capacity);
    }
  }

  StatsPage& page_;
  bool blocking_;
  std::uint64_t message_bytes_;
  std::uint64_t producers_;
  std::vector<Pipe> pipes_;
  /// By ordinal.
  std::vector<Endpoint> endpoints_;
  std::vector<int> broadcast_fds_;
  std::vector<ObjectInfo> objects_;
};

/// The kernel keeps a write of at most PIPE_BUF bytes in one piece (pipe(7)). Several writers of longer ones may mix: that
/// is what they are to see. Several readers would then each get pieces of several messages, of which nothing can be said.
void resolve(Settings& settings) {
  if (!settings.shared_channel() || settings.size_bytes <= PIPE_BUF) return;
  Failure failure{ErrorCode::out_of_range, "several readers of one pipe get whole messages only up to PIPE_BUF",
                  "Use a smaller size, or one consumer (pattern fan_in)."};
  failure.where = "--size";
  failure.value = std::to_string(settings.size_bytes);
  failure.allowed = std::to_string(kWholeNumberBytes) + ".." + std::to_string(PIPE_BUF);
  throw failure;
}

int pipe_peer(PeerContext& context) {
  if (context.settings().broadcast() && context.role() == Role::producer) {
    BroadcastChannel<PipeCalls> channel(context);
    return run_loops(context, channel);
  }
  FdChannel<PipeCalls> channel(context);
  return run_loops(context, channel);
}

}  // namespace

MechanismRow pipe_mechanism() {
  return {
      "pipe",
      "message_passing",
      {"plain"},
      {"stream", "pingpong", "fan_in", "fan_out", "many_to_many", "broadcast"},
      [] { return session_options({.max_capacity = max_capacity(), .live_capacity = true, .several = true}); },
      resolve,
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<PipeResource>(settings, page);
      },
      pipe_peer,
  };
}

}  // namespace ipc
