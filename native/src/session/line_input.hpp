/// Lines from standard input, without ever waiting for one.
#pragma once

#include <string>
#include <vector>

namespace ipc {

class LineInput {
 public:
  explicit LineInput(int fd) : fd_(fd) {}

  /// The descriptor to poll, -1 once the input has ended.
  int fd() const { return ended_ ? -1 : fd_; }

  /// Reads once (the descriptor is readable) and answers the lines that are complete. At the end of the input the last
  /// line counts even without its line end.
  std::vector<std::string> read_lines();

  bool ended() const { return ended_; }

 private:
  static constexpr std::size_t kLongestLine = 65'536;

  int fd_;
  bool ended_ = false;
  std::string pending_;
};

}  // namespace ipc
