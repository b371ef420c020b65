/// A memory-mapped file (mmap(2)): the ring of `shm` in a regular file that both processes map with MAP_SHARED. The page
/// cache is the shared memory; what the two store, the kernel writes to the disk when it sees fit, and after that the
/// first store into a page faults again.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/backing_file.hpp"
#include "mechanism/linux/ring_memory.hpp"
#include "ownership/names.hpp"
#include "ownership/run_folder.hpp"
#include "protocol/failure.hpp"
#include "system/owned_fd.hpp"
#include "system/resident.hpp"

namespace ipc {

namespace {

/// Looking at the pages of more than this would take a noticeable part of a tick.
constexpr std::uint64_t kSurveyedBytes = 16 << 20;

std::string path_of(const char* name) { return run_folder() + "/" + name; }

constexpr RingBacking kFile = {
    "mapped_file",
    CallName::open,
    "open",
    run_folder,
    [](const char* name) { return open(path_of(name).c_str(), O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC, 0600); },
    [](const char* name) { return open(path_of(name).c_str(), O_RDWR | O_CLOEXEC); },
    [](const char* name) { return unlink(path_of(name).c_str()); },
};

class MmapResource final : public RingResource {
 public:
  MmapResource(const Settings& settings, StatsPage& page, const std::string& name)
      : RingResource(settings, page, kFile, name), path_(path_of(name.c_str())), fd_(kFile.open(name.c_str())) {
    if (fd_.get() < 0) throw system_failure("open", errno);
  }

  Occupancy occupancy(const std::vector<Child>& peers) override {
    Occupancy now = RingResource::occupancy(peers);
    if (size() > kSurveyedBytes) return now;
    if (const auto resident = resident_bytes(base(), size())) now.gauges.emplace_back("resident_bytes", *resident);
    if (const auto dirty = dirty_bytes(fd_.get(), size())) now.gauges.emplace_back("dirty_bytes", *dirty);
    return now;
  }

 protected:
  std::string shown_name() const override { return path_ + " on " + file_system_of(fd_.get()); }

 private:
  std::string path_;
  OwnedFd fd_;
};

}  // namespace

MechanismRow mmap_mechanism() {
  return {
      "mmap",
      "shared_memory",
      {"plain", "tuned"},
      {"stream", "pingpong", "fan_in", "fan_out", "many_to_many"},
      ring_options,
      resolve_ring,
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        made_run_folder();
        return std::make_unique<MmapResource>(settings, page, object_name(getpid(), "mmap-0"));
      },
      [](PeerContext& context) { return ring_peer(context, kFile); },
  };
}

}  // namespace ipc
