/// A plain file as a channel, for comparison with `mmap`: the same bytes in the same page cache, but two system calls and two
/// copies a message, and nobody to wake who waits. Two files for a conversation.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/backing_file.hpp"
#include "mechanism/linux/ring_memory.hpp"
#include "mechanism/posix/file_channel.hpp"
#include "ownership/run_folder.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "system/owned_fd.hpp"

namespace ipc {

namespace {

/// The names end in these: the way there, and in a conversation the way back.
constexpr const char* kForth = "file-0";
constexpr const char* kBack = "file-1";

SlotFile layout_of(const Settings& settings) {
  const std::uint64_t stride = slot_stride(settings.size_bytes);
  return {settings.capacity_bytes / stride, stride};
}

class FileResource final : public Resource {
 public:
  FileResource(const Settings& settings, StatsPage&)
      : message_bytes_(settings.size_bytes), layout_(layout_of(settings)) {
    files_[0] = make(kForth);
    if (settings.pingpong()) files_[1] = make(kBack);
  }

  std::vector<ObjectInfo> objects() const override { return objects_; }
  std::vector<int> inherited(unsigned) const override { return {}; }
  void started() override {}
  /// Both have them open: without names they go when the processes go, however they end.
  void opened() override { names_.remove(); }

  Occupancy occupancy(const std::vector<Child>&) override {
    // The reader first: it never passes the writer, so the difference is never below nought.
    FilePosition reader;
    FilePosition writer;
    const bool known = read_whole(files_[0].get(), &reader, sizeof reader, SlotFile::kReaderAt) &&
                       read_whole(files_[0].get(), &writer, sizeof writer, SlotFile::kWriterAt) && reader.whole() &&
                       writer.whole();
    if (!known) return {};
    // Both move on between the two readings; more than the capacity cannot lie there.
    const std::uint64_t used = std::min(writer.count - reader.count, layout_.slots);
    return {used * message_bytes_, used, layout_.slots * message_bytes_, layout_.slots};
  }

 private:
  OwnedFd make(const char* what) {
    const std::string& path = names_.reserve(what);
    OwnedFd file(create_file(path));
    allocate(file.get(), layout_.bytes(), path.substr(0, path.rfind('/')));
    const FilePosition nothing = FilePosition::of(0, false);
    for (const off_t at : {SlotFile::kWriterAt, SlotFile::kReaderAt}) {
      if (!write_whole(file.get(), &nothing, sizeof nothing, at)) throw system_failure("pwrite", errno);
    }
    objects_.push_back({"file", path + " on " + file_system_of(file.get()), "0600", layout_.bytes()});
    return file;
  }

  std::uint64_t message_bytes_;
  SlotFile layout_;
  RunFiles names_;
  OwnedFd files_[2];
  std::vector<ObjectInfo> objects_;
};

/// -1 after a failure, which is noted.
int open_file(PeerContext& context, const char* what) {
  const std::string path = run_path(static_cast<int>(context.page().supervisor_pid), what);
  const int fd = traced<true>(context, CallName::open, -1, 0, [&] { return open(path.c_str(), O_RDWR | O_CLOEXEC); });
  if (fd < 0) context.failed("open", errno);
  return fd;
}

int file_peer(PeerContext& context) {
  const int forth = open_file(context, kForth);
  if (forth < 0) return context.end(Outcome::failed);
  int back = -1;
  if (context.settings().pingpong()) {
    back = open_file(context, kBack);
    if (back < 0) return context.end(Outcome::failed);
  }
  const FileEnds ends = context.role() == Role::producer ? FileEnds{forth, back} : FileEnds{back, forth};
  FileChannel channel(context, layout_of(context.settings()), ends);
  return run_loops(context, channel);
}

}  // namespace

MechanismRow file_mechanism() {
  return {
      "file",
      "message_passing",
      {"plain"},
      {"stream", "pingpong"},
      [] { return session_options({.max_capacity = kMaxSlotCapacity}); },
      resolve_slots,
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<FileResource>(settings, page);
      },
      file_peer,
  };
}

}  // namespace ipc
