/// Named pipes (fifo(7)): a pipe that unrelated processes find by a name in the file system. Both peers open it themselves,
/// and open(2) blocks until the other side comes; once both are there the name is taken away, the pipe stays.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/pipe_object.hpp"
#include "mechanism/posix/fd_channel.hpp"
#include "ownership/run_folder.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "system/owned_fd.hpp"

namespace ipc {

namespace {

/// The names end in these: the way there, and in a conversation the way back.
constexpr const char* kForth = "fifo-0";
constexpr const char* kBack = "fifo-1";

class FifoResource final : public PipeChannelResource {
 public:
  FifoResource(const Settings& settings, StatsPage& page) : PipeChannelResource(settings, page) {
    make(kForth);
    if (settings.pingpong()) make(kBack);
  }

  std::vector<int> inherited(unsigned) const override { return {}; }
  void started() override {}

  void opened() override {
    for (const std::string& path : files_.paths()) {
      // Both sides hold it open and no message is under way yet, so a third reader for a moment changes nothing.
      const OwnedFd fd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
      if (fd.get() < 0) throw system_failure("open", errno);
      if (wanted_capacity_ != 0) resize_pipe(fd.get(), wanted_capacity_);
      note_object("fifo", path, fd.get());
    }
    files_.remove();
  }

 private:
  void make(const char* what) {
    if (mkfifo(files_.reserve(what).c_str(), 0600) != 0) throw system_failure("mkfifo", errno);
  }

  /// As asked for; afterwards the settings in the page hold what the system gave.
  std::uint64_t wanted_capacity_ = page_.settings.capacity_bytes;
  RunFiles files_;
};

/// Opens an end; waits there until the other side opens its own. -1 after a failure, which is noted.
int open_end(PeerContext& context, const char* what, int direction) {
  const std::string path = run_path(static_cast<int>(context.page().supervisor_pid), what);
  // Always blocking: an open for writing with O_NONBLOCK fails with ENXIO when the reader is not there yet (fifo(7)).
  const int fd = traced<true>(context, CallName::open, -1, 0, [&] { return open(path.c_str(), direction | O_CLOEXEC); });
  if (fd < 0) {
    context.failed("open", errno);
    return -1;
  }
  if (!context.settings().blocking && fcntl(fd, F_SETFL, direction | O_NONBLOCK) != 0) {
    context.failed("fcntl F_SETFL", errno);
    ::close(fd);
    return -1;
  }
  return fd;
}

/// Both open the way there first: if each opened its own way of writing first, both would wait for a reader for ever.
bool open_ends(PeerContext& context) {
  const bool producer = context.role() == Role::producer;
  Endpoint& endpoint = context.slot().endpoint;
  const int forth = open_end(context, kForth, producer ? O_WRONLY : O_RDONLY);
  if (forth < 0) return false;
  (producer ? endpoint.send_fd : endpoint.receive_fd) = forth;
  if (!context.settings().pingpong()) return true;
  const int back = open_end(context, kBack, producer ? O_RDONLY : O_WRONLY);
  (producer ? endpoint.receive_fd : endpoint.send_fd) = back;
  return back >= 0;
}

int fifo_peer(PeerContext& context) {
  if (!open_ends(context)) return context.end(Outcome::failed);
  FdChannel<PipeCalls> channel(context);
  return run_loops(context, channel);
}

}  // namespace

MechanismRow fifo_mechanism() {
  return {
      "fifo",
      "message_passing",
      {"plain"},
      {"stream", "pingpong"},
      pipe_options,
      [](Settings&) {},
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<FifoResource>(settings, page);
      },
      fifo_peer,
  };
}

}  // namespace ipc
