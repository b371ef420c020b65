/// A channel through files: plain reads and writes, and because nothing in a file wakes anybody, a look at the other side's
/// position every now and then.
#pragma once

#include <time.h>

#include <cerrno>

#include "mechanism/posix/slot_file.hpp"
#include "peer/context.hpp"

namespace ipc {

/// The files of a peer: the one it writes to and the one it reads from; -1 where it has none.
struct FileEnds {
  int out = -1;
  int in = -1;
};

class FileChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  FileChannel(PeerContext& context, const SlotFile& layout, const FileEnds& ends)
      : context_(context), blocking_(context.settings().blocking), layout_(layout), ends_(ends) {}

  template <bool Logged>
  Outcome send(const std::byte* message, std::size_t size) {
    if (written_ - seen_reader_.count >= layout_.slots) {
      const Outcome room = wait_until<Logged>(ends_.out, SlotFile::kReaderAt, seen_reader_,
                                              [&] { return written_ - seen_reader_.count < layout_.slots; });
      if (room != Outcome::done) return room;
    }
    if (!put<Logged>(ends_.out, message, size, layout_.slot(written_))) return context_.failed("pwrite", errno);
    ++written_;
    return publish<Logged>(ends_.out, SlotFile::kWriterAt, written_);
  }

  template <bool Logged>
  Outcome receive(std::byte* message, std::size_t size) {
    if (read_ == seen_writer_.count) {
      const Outcome arrived = wait_until<Logged>(ends_.in, SlotFile::kWriterAt, seen_writer_, [&] {
        return read_ != seen_writer_.count || seen_writer_.closed != 0;
      });
      if (arrived != Outcome::done) return arrived;
      // The last position of all tells of the last messages and of the end.
      if (read_ == seen_writer_.count) return Outcome::closed;
    }
    if (!get<Logged>(ends_.in, message, size, layout_.slot(read_))) return context_.failed("pread", errno);
    ++read_;
    return publish<Logged>(ends_.in, SlotFile::kReaderAt, read_);
  }

  void finish_sending() {
    if (ends_.out < 0) return;
    const FilePosition last = FilePosition::of(written_, true);
    write_whole(ends_.out, &last, sizeof last, SlotFile::kWriterAt);
  }

 private:
  /// Between two looks: short enough to be of use, long enough to leave the CPU to others.
  static constexpr timespec kPause{0, 50'000};

  template <bool Logged>
  bool put(int fd, const void* data, std::size_t size, off_t at) {
    return traced<Logged>(context_, CallName::pwrite, fd, size, [&] {
             return write_whole(fd, data, size, at) ? static_cast<ssize_t>(size) : ssize_t{-1};
           }) >= 0;
  }

  template <bool Logged>
  bool get(int fd, void* data, std::size_t size, off_t at) {
    return traced<Logged>(context_, CallName::pread, fd, size, [&] {
             return read_whole(fd, data, size, at) ? static_cast<ssize_t>(size) : ssize_t{-1};
           }) >= 0;
  }

  template <bool Logged>
  Outcome publish(int fd, off_t at, std::uint64_t count) {
    const FilePosition position = FilePosition::of(count, false);
    context_.count_extra_call();
    return put<Logged>(fd, &position, sizeof position, at) ? Outcome::done : context_.failed("pwrite", errno);
  }

  /// Looks at the other side's position and sleeps, in turn, until `ready()`. `closed` when that side is dead.
  template <bool Logged, class Ready>
  [[gnu::noinline]] Outcome wait_until(int fd, off_t at, FilePosition& seen, Ready&& ready) {
    for (bool first = true;; first = false) {
      FilePosition found;
      context_.count_extra_call();
      if (!get<Logged>(fd, &found, sizeof found, at)) return context_.failed("pread", errno);
      if (found.whole()) seen = found;
      if (ready()) return Outcome::done;
      if (context_.abandoned()) return Outcome::closed;
      if (first) {
        context_.count_wait();
        if (!blocking_) context_.count_would_block();
      }
      context_.count_extra_call();
      traced<Logged>(context_, CallName::clock_nanosleep, -1, 0, [&] {
        // Answers the error itself; an interrupted sleep is as good as a whole one.
        errno = clock_nanosleep(CLOCK_MONOTONIC, 0, &kPause, nullptr);
        return errno == 0 ? 0 : -1;
      });
    }
  }

  PeerContext& context_;
  bool blocking_;
  SlotFile layout_;
  FileEnds ends_;
  std::uint64_t written_ = 0;
  std::uint64_t read_ = 0;
  FilePosition seen_reader_;
  FilePosition seen_writer_;
};

}  // namespace ipc
