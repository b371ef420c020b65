/// What anonymous and named pipes have in common: the calls on them, and what the system tells of their buffer (pipe(7)).
/// There is one pipe for all writers and readers of a stream, two for a conversation, because a pipe is one-way, and one for
/// each reader of a broadcast, because a pipe gives a byte to one reader only.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "catalogue/option_table.hpp"
#include "measure/stats_page.hpp"
#include "peer/context.hpp"
#include "session/resource.hpp"

namespace ipc {

/// How many pipes the session needs.
std::size_t pipes_of(const Settings& settings);

/// The options of a session over pipes. The greatest capacity is the system's: /proc/sys/fs/pipe-max-size.
std::vector<OptionRow> pipe_options();

/// Refuses what a pipe cannot carry. Throws Failure.
void resolve_pipe(Settings& settings);

/// Sets the capacity of a pipe, bytes; 0 means the system's default. Answers the one it got, which is a power of two of
/// pages, F_SETPIPE_SZ in fcntl(2). Throws Failure.
std::uint64_t resize_pipe(int fd, std::uint64_t bytes);

/// Sets the capacity of a new pipe that the session asks for: as chosen, or for the tuned variant the greatest that the
/// system allows. Throws Failure.
void resize_to_fit(int fd, const Settings& settings);

/// The working life of a peer whose ends of the pipes stand in the stats page.
int run_on_pipes(PeerContext& context);

/// The session's pipes, whose ends stand in the stats page: put there by the supervisor or by the peers.
class PipeChannelResource : public Resource {
 public:
  std::vector<ObjectInfo> objects() const override { return objects_; }
  /// Under broadcast: of the fullest pipe, which is the one that holds the producer up.
  Occupancy occupancy(const std::vector<Child>& peers) override;
  std::uint64_t set_capacity(std::uint64_t bytes, const std::vector<Child>& peers) override;
  bool waits_inside_calls() const override { return page_.settings.blocking || page_.settings.polled(); }

 protected:
  explicit PipeChannelResource(StatsPage& page) : page_(page) {}

  /// Adds the pipe behind `fd` to the objects, with the capacity that it has now.
  void note_object(const char* kind, const std::string& name, int fd);

  StatsPage& page_;

 private:
  Occupancy occupancy_of(const Child& reader, int read_fd) const;

  std::vector<ObjectInfo> objects_;
};

}  // namespace ipc
