/// Anonymous pipes (pipe(7)), which the processes inherit. `plain` makes one call a message: reading all that is there at
/// once makes the reader outrun the writer, who must then wake it for every message, and is less than half as fast at 64
/// bytes. `tuned` gathers on both sides, and lends the kernel its pages (splice_channel.hpp).
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/pipe_object.hpp"
#include "protocol/failure.hpp"
#include "system/owned_fd.hpp"

namespace ipc {

namespace {

struct Pipe {
  OwnedFd read;
  OwnedFd write;
};

class PipeResource final : public PipeChannelResource {
 public:
  PipeResource(const Settings& settings, StatsPage& page) : PipeChannelResource(page) {
    for (std::size_t i = 0; i < pipes_of(settings); ++i) pipes_.push_back(make(settings));
    for (std::size_t i = 0; i < settings.processes(); ++i) {
      page.slots[i].endpoint =
          i < settings.producers ? Endpoint{pipes_[0].write.get(), -1} : Endpoint{-1, pipes_[0].read.get()};
    }
    if (settings.two_way()) {
      page.slots[0].endpoint.receive_fd = pipes_[1].read.get();
      page.slots[1].endpoint.send_fd = pipes_[1].write.get();
    }
    for (std::size_t i = 0; settings.broadcast() && i < pipes_.size(); ++i) {
      page.slots[1 + i].endpoint.receive_fd = pipes_[i].read.get();
      page.broadcast_fds[i] = pipes_[i].write.get();
    }
    for (const Pipe& pipe : pipes_) note(pipe);
  }

  std::vector<int> inherited(unsigned ordinal) const override {
    std::vector<int> fds;
    if (ordinal == 0 && page_.settings.broadcast()) {
      for (const Pipe& pipe : pipes_) fds.push_back(pipe.write.get());
      return fds;
    }
    const Endpoint& endpoint = page_.slots[ordinal].endpoint;
    for (const int fd : {endpoint.send_fd, endpoint.receive_fd}) {
      if (fd >= 0) fds.push_back(fd);
    }
    return fds;
  }

  /// An end left open here would keep a reader from seeing the end of the stream, and a writer from seeing EPIPE.
  void started() override { pipes_.clear(); }

 private:
  static Pipe make(const Settings& settings) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC | (settings.blocking ? 0 : O_NONBLOCK)) != 0) throw system_failure("pipe2", errno);
    Pipe pipe{OwnedFd(fds[0]), OwnedFd(fds[1])};
    // Of the reading end alone: each end of a pipe has flags of its own.
    if (settings.polled() && fcntl(fds[0], F_SETFL, O_NONBLOCK) != 0) throw system_failure("fcntl F_SETFL", errno);
    resize_to_fit(fds[1], settings);
    return pipe;
  }

  void note(const Pipe& pipe) {
    struct stat status {};
    fstat(pipe.read.get(), &status);
    note_object("pipe",
                "pipe:[" + std::to_string(status.st_ino) + "] read fd " + std::to_string(pipe.read.get()) +
                    ", write fd " + std::to_string(pipe.write.get()),
                pipe.read.get());
  }

  std::vector<Pipe> pipes_;
};

}  // namespace

MechanismRow pipe_mechanism() {
  return {
      "pipe",
      "message_passing",
      {"plain", "tuned", "uring"},
      {"stream", "pingpong", "fan_in", "fan_out", "many_to_many", "broadcast", "dialogue"},
      pipe_options,
      resolve_pipe,
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<PipeResource>(settings, page);
      },
      run_on_pipes,
  };
}

}  // namespace ipc
