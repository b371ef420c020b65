#include "session/frame_output.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace ipc {

namespace {

/// Writes everything, waiting where the descriptor is non-blocking. False when the reader is gone.
bool write_fully(int fd, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t put = ::write(fd, text.data() + done, text.size() - done);
    if (put > 0) {
      done += static_cast<std::size_t>(put);
    } else if (put < 0 && errno == EAGAIN) {
      pollfd entry{fd, POLLOUT, 0};
      poll(&entry, 1, -1);
    } else if (put < 0 && errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace

FrameOutput::FrameOutput(int fd, int wake_fd) : fd_(fd), wake_fd_(wake_fd), thread_([this] { work(); }) {}

FrameOutput::~FrameOutput() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void FrameOutput::put(std::string line) {
  line += '\n';
  waiting_bytes_.fetch_add(line.size(), std::memory_order_relaxed);
  {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
  }
  changed_.notify_one();
}

void FrameOutput::work() {
  for (;;) {
    std::deque<std::string> batch;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closing_ || !lines_.empty(); });
      if (lines_.empty()) return;
      batch.swap(lines_);
    }
    for (const std::string& line : batch) {
      if (!reader_gone() && !write_fully(fd_, line)) {
        reader_gone_.store(true, std::memory_order_relaxed);
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t put = ::write(wake_fd_, &one, sizeof one);
      }
      waiting_bytes_.fetch_sub(line.size(), std::memory_order_relaxed);
    }
  }
}

void print_line(const std::string& line) { write_fully(STDOUT_FILENO, line + "\n"); }

}  // namespace ipc
