/// Slots in a plain file, and the position of each side before them; nobody is woken, so a side that has to wait looks every
/// 50 microseconds. The positions have no guard against being read half written, which the helper's have.
#pragma once

#include <time.h>
#include <unistd.h>

#include <cstdint>

#include "options.hpp"

namespace bare {

class FilePort {
 public:
  static constexpr bool kLossy = false;
  FilePort(int out, int in, std::uint64_t slots, std::uint64_t stride)
      : out_(out), in_(in), slots_(slots), stride_(stride) {}

  void put(const char* data, std::size_t size) {
    while (written_ - seen_reader_ >= slots_) look(out_, kReaderAt, seen_reader_, written_ - slots_);
    write_at(out_, data, size, slot(written_));
    ++written_;
    write_at(out_, &written_, sizeof written_, kWriterAt);
  }

  std::size_t take(char* data, std::size_t size) {
    while (read_ == seen_writer_) look(in_, kWriterAt, seen_writer_, read_);
    read_at(in_, data, size, slot(read_));
    ++read_;
    write_at(in_, &read_, sizeof read_, kReaderAt);
    return size;
  }

  static std::uint64_t bytes(std::uint64_t slots, std::uint64_t stride) { return kSlotsAt + slots * stride; }

 private:
  static constexpr off_t kWriterAt = 0;
  static constexpr off_t kReaderAt = 4096;
  static constexpr std::uint64_t kSlotsAt = 8192;

  off_t slot(std::uint64_t number) const { return static_cast<off_t>(kSlotsAt + number % slots_ * stride_); }

  /// Reads a position; sleeps a little where it has not moved on from `stuck`.
  static void look(int fd, off_t at, std::uint64_t& seen, std::uint64_t stuck) {
    constexpr timespec kPause{0, 50'000};
    read_at(fd, &seen, sizeof seen, at);
    if (seen == stuck) clock_nanosleep(CLOCK_MONOTONIC, 0, &kPause, nullptr);
  }
  static void write_at(int fd, const void* data, std::size_t size, off_t at) {
    if (pwrite(fd, data, size, at) != static_cast<ssize_t>(size)) die("pwrite");
  }
  static void read_at(int fd, void* data, std::size_t size, off_t at) {
    if (pread(fd, data, size, at) != static_cast<ssize_t>(size)) die("pread");
  }

  int out_;
  int in_;
  std::uint64_t slots_;
  std::uint64_t stride_;
  std::uint64_t written_ = 0;
  std::uint64_t read_ = 0;
  std::uint64_t seen_reader_ = 0;
  std::uint64_t seen_writer_ = 0;
};

}  // namespace bare
