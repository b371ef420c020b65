/// Named pipes (fifo(7)): a pipe that unrelated processes find by a name in the file system. The peers open it themselves,
/// and open(2) blocks until the other side comes; once all are there the name is taken away, the pipe stays.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/pipe_object.hpp"
#include "ownership/run_folder.hpp"
#include "protocol/failure.hpp"
#include "system/owned_fd.hpp"

namespace ipc {

namespace {

/// How the name of pipe number `index` ends. The way back of a conversation is number 1.
std::string fifo_name(std::size_t index) { return "fifo-" + std::to_string(index); }

class FifoResource final : public PipeChannelResource {
 public:
  FifoResource(const Settings& settings, StatsPage& page)
      : PipeChannelResource(page), wanted_(settings) {
    for (std::size_t i = 0; i < pipes_of(settings); ++i) {
      if (mkfifo(files_.reserve(fifo_name(i)).c_str(), 0600) != 0) throw system_failure("mkfifo", errno);
    }
  }

  std::vector<int> inherited(unsigned) const override { return {}; }
  void started() override {}

  void opened() override {
    for (const std::string& path : files_.paths()) {
      // Both sides hold it open and no message is under way yet, so one more reader for a moment changes nothing.
      const OwnedFd fd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
      if (fd.get() < 0) throw system_failure("open", errno);
      resize_to_fit(fd.get(), wanted_);
      note_object("fifo", path, fd.get());
    }
    files_.remove();
  }

 private:
  /// As asked for; afterwards the settings in the page hold what the system gave.
  Settings wanted_;
  RunFiles files_;
};

/// Opens an end; waits there until the other side opens its own. -1 after a failure, which is noted.
int open_end(PeerContext& context, std::size_t index, int direction) {
  const std::string path = run_path(static_cast<int>(context.page().supervisor_pid), fifo_name(index));
  // Always blocking: an open for writing with O_NONBLOCK fails with ENXIO when the reader is not there yet (fifo(7)).
  const int fd = traced<true>(context, CallName::open, -1, 0, [&] { return open(path.c_str(), direction | O_CLOEXEC); });
  if (fd < 0) {
    context.failed("open", errno);
    return -1;
  }
  const bool polled = direction == O_RDONLY && context.settings().polled();
  if ((polled || !context.settings().blocking) && fcntl(fd, F_SETFL, direction | O_NONBLOCK) != 0) {
    context.failed("fcntl F_SETFL", errno);
    ::close(fd);
    return -1;
  }
  return fd;
}

bool open_broadcast(PeerContext& context) {
  for (std::size_t i = 0; i < pipes_of(context.settings()); ++i) {
    const int fd = open_end(context, i, O_WRONLY);
    if (fd < 0) return false;
    context.page().broadcast_fds[i] = fd;
  }
  return true;
}

bool open_ends(PeerContext& context) {
  const Settings& settings = context.settings();
  const bool producer = context.role() == Role::producer;
  if (settings.broadcast() && producer) return open_broadcast(context);
  Endpoint& endpoint = context.slot().endpoint;
  const int forth = open_end(context, settings.broadcast() ? context.index() : 0, producer ? O_WRONLY : O_RDONLY);
  if (forth < 0) return false;
  (producer ? endpoint.send_fd : endpoint.receive_fd) = forth;
  if (!settings.two_way()) return true;
  // Both open the way there first: if each opened its own way of writing first, both would wait for a reader for ever.
  const int back = open_end(context, 1, producer ? O_RDONLY : O_WRONLY);
  (producer ? endpoint.receive_fd : endpoint.send_fd) = back;
  return back >= 0;
}

int fifo_peer(PeerContext& context) {
  if (!open_ends(context)) return context.end(Outcome::failed);
  return run_on_pipes(context);
}

}  // namespace

MechanismRow fifo_mechanism() {
  return {
      "fifo",
      "message_passing",
      {"plain", "tuned", "uring"},
      {"stream", "pingpong", "fan_in", "fan_out", "many_to_many", "broadcast", "dialogue"},
      pipe_options,
      resolve_pipe,
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<FifoResource>(settings, page);
      },
      fifo_peer,
  };
}

}  // namespace ipc
