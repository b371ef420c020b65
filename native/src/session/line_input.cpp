#include "session/line_input.hpp"

#include <unistd.h>

#include <cerrno>

namespace ipc {

std::vector<std::string> LineInput::read_lines() {
  char buffer[4096];
  const ssize_t got = ::read(fd_, buffer, sizeof buffer);
  std::vector<std::string> lines;
  if (got > 0) {
    pending_.append(buffer, static_cast<std::size_t>(got));
  } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
    ended_ = true;
    if (!pending_.empty()) pending_ += '\n';
  }
  std::size_t start = 0;
  for (std::size_t end = pending_.find('\n'); end != std::string::npos; end = pending_.find('\n', start)) {
    lines.push_back(pending_.substr(start, end - start));
    start = end + 1;
  }
  pending_.erase(0, start);
  // Nobody means a line of this length; keep what was sent from filling the memory.
  if (pending_.size() > kLongestLine) pending_.resize(kLongestLine);
  return lines;
}

}  // namespace ipc
