#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "check.hpp"
#include "mechanism/posix/slot_file.hpp"
#include "system/owned_fd.hpp"

using namespace ipc;

namespace {

OwnedFd nameless_file() {
  char path[] = "/tmp/ipc-scope-test-XXXXXX";
  OwnedFd file(mkstemp(path));
  unlink(path);
  return file;
}

}  // namespace

CASE("slots follow the two positions, and begin anew after the last") {
  const SlotFile layout{3, 128};
  EQUAL(layout.bytes(), 8192U + 3U * 128U);
  EQUAL(layout.slot(0), 8192);
  EQUAL(layout.slot(2), 8192 + 256);
  EQUAL(layout.slot(3), layout.slot(0));
  EQUAL(layout.slot(7), layout.slot(1));
}

CASE("a position that was read in two halves is known for it") {
  HOLDS(!FilePosition{}.whole());
  for (const std::uint64_t count : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{255}, std::uint64_t{1} << 40}) {
    for (const bool closed : {false, true}) {
      const FilePosition before = FilePosition::of(count, closed);
      HOLDS(before.whole());
      EQUAL(before.closed, closed ? 1U : 0U);
      const FilePosition after = FilePosition::of(count + 1, true);
      HOLDS(!(FilePosition{after.count, before.closed, before.guard}.whole()));
      HOLDS(!(FilePosition{before.count, after.closed, after.guard}.whole()));
    }
    const FilePosition open = FilePosition::of(count, false);
    HOLDS(!(FilePosition{open.count, 1, open.guard}.whole()));
  }
}

CASE("what was written is read back; the end of the file is an error") {
  const OwnedFd file = nameless_file();
  const FilePosition position = FilePosition::of(42, true);
  HOLDS(write_whole(file.get(), &position, sizeof position, SlotFile::kReaderAt));
  FilePosition found;
  HOLDS(read_whole(file.get(), &found, sizeof found, SlotFile::kReaderAt));
  EQUAL(found.count, 42U);
  HOLDS(found.whole());
  // The hole before it reads as noughts, which is nobody's position.
  HOLDS(read_whole(file.get(), &found, sizeof found, SlotFile::kWriterAt));
  HOLDS(!found.whole());
  HOLDS(!read_whole(file.get(), &found, sizeof found, SlotFile::kReaderAt + 8));
  EQUAL(errno, EIO);
  HOLDS(!write_whole(-1, &position, sizeof position, 0));
  EQUAL(errno, EBADF);
}

CASE("a position only ever grows for whoever reads it beside its writer") {
  const OwnedFd file = nameless_file();
  constexpr std::uint64_t kLast = 50'000;
  std::thread writer([&] {
    for (std::uint64_t count = 0; count <= kLast; ++count) {
      const FilePosition position = FilePosition::of(count, count == kLast);
      write_whole(file.get(), &position, sizeof position, 0);
    }
  });
  std::uint64_t seen = 0;
  bool grows = true;
  for (bool closed = false; !closed;) {
    FilePosition found;
    if (!read_whole(file.get(), &found, sizeof found, 0) || !found.whole()) continue;
    grows = grows && found.count >= seen;
    seen = found.count;
    closed = found.closed != 0;
  }
  writer.join();
  HOLDS(grows);
  EQUAL(seen, kLast);
}
