/// What bare-loops is told on its command line. Flags and words are those of `ipc-helper run`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace bare {

struct Options {
  std::string mechanism;
  std::string pattern;
  /// The sort of object where a mechanism has several: `datagram`, `sysv` …
  std::string kind;
  std::string sync;
  std::string placement = "free";
  std::size_t size = 64;
  /// Of the object, bytes; 0: what the system gives, or as much as the helper's rings have.
  std::uint64_t capacity = 0;
  /// Of a message queue, messages; 0: what the system gives.
  std::uint64_t capacity_messages = 0;
  std::uint64_t messages = 100'000;
  std::uint64_t warmup_messages = 1000;
  /// How many messages the sides of a ring put or take before they publish how many.
  std::uint64_t batch = 1;
  /// TCP_NODELAY.
  bool no_delay = false;

  bool pingpong() const { return pattern == "pingpong"; }
};

/// Ends the program with exit code 2 and a usage line where the words make no sense.
Options parse(int argc, char** argv);

/// Ends the program with exit code 2 because of `what`.
[[noreturn]] void refuse(const std::string& what);

/// Ends the process with exit code 3 and the text of errno.
[[noreturn]] void die(const char* call);

}  // namespace bare
