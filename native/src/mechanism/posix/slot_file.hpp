/// A log in a regular file that wraps: fixed slots, and before them the positions of writer and reader, all of it written and
/// read with pwrite(2) and pread(2).
///
/// Order: a message is written before the position that announces it. Buffered writes to one file follow each other, since each
/// holds the inode's lock, and put their bytes into the page cache under the lock of the page (mm/filemap.c,
/// generic_perform_write); a read that comes after a write has returned sees it (POSIX read(), write()). But a read that runs beside
/// a write may see a part of it: Linux promises no more except on XFS (Torvalds, linux-kernel, 13 June 2019, "pagecache
/// locking"). So a position travels with a guard and is read anew when the two do not fit, and nobody reads a
/// slot that the other side may still write.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace ipc {

/// How far one side has come, as it lies in the file.
struct FilePosition {
  /// Messages written, or read, so far.
  std::uint64_t count = 0;
  /// 1: no more will follow.
  std::uint64_t closed = 0;
  std::uint64_t guard = 0;

  static FilePosition of(std::uint64_t count, bool closed) {
    const std::uint64_t last = closed ? 1 : 0;
    return {count, last, guard_of(count, last)};
  }
  /// Whether it was read whole. What nobody has written yet, all noughts, is not.
  bool whole() const { return guard == guard_of(count, closed); }

 private:
  static std::uint64_t guard_of(std::uint64_t count, std::uint64_t closed) { return ~(count * 2 + closed); }
};

/// Where things lie in the file.
struct SlotFile {
  /// Each position has a page of its own, so that the two sides do not wait for the same page's lock.
  static constexpr off_t kWriterAt = 0;
  static constexpr off_t kReaderAt = 4096;
  static constexpr std::uint64_t kSlotsAt = 8192;

  std::uint64_t slots = 0;
  std::uint64_t stride = 0;

  std::uint64_t bytes() const { return kSlotsAt + slots * stride; }
  /// The place of the message with this number, counted from 0.
  off_t slot(std::uint64_t number) const { return static_cast<off_t>(kSlotsAt + number % slots * stride); }
};

/// Writes all of it where pwrite(2) may stop halfway. False with errno.
bool write_whole(int fd, const void* data, std::size_t size, off_t at);

/// Reads all of it. False with errno; EIO when the file ends before.
bool read_whole(int fd, void* data, std::size_t size, off_t at);

}  // namespace ipc
