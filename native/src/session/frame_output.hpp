/// Frames on their way to standard output.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace ipc {

/// Writes lines from a thread of its own, so that a reader that stalls never holds up the sampling. Frames that may be
/// left out (ticks) are refused while too much waits; all others are kept whatever it takes.
class FrameOutput {
 public:
  /// `wake_fd`: an eventfd that becomes readable when the reader is gone.
  FrameOutput(int fd, int wake_fd);
  /// Writes what waits, unless the reader is gone.
  ~FrameOutput();
  FrameOutput(const FrameOutput&) = delete;
  FrameOutput& operator=(const FrameOutput&) = delete;

  /// One frame, without its line end.
  void put(std::string line);

  /// Whether so much waits that a tick had better be left out.
  bool congested() const { return waiting_bytes_.load(std::memory_order_relaxed) > kCongestedBytes; }

  /// Whether nobody reads any more (EPIPE).
  bool reader_gone() const { return reader_gone_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kCongestedBytes = 4 << 20;

  void work();

  int fd_;
  int wake_fd_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;
  bool closing_ = false;
  std::atomic<std::size_t> waiting_bytes_{0};
  std::atomic<bool> reader_gone_{false};
  std::thread thread_;
};

/// Writes one line at once, for the commands that answer with a single frame.
void print_line(const std::string& line);

}  // namespace ipc
