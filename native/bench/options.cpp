#include "options.hpp"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace bare {

namespace {

constexpr const char* kUsage =
    "usage: bare-loops pipe|fifo|unix|tcp|udp|mq|shm|mmap|file stream|pingpong [--kind K] [--sync S] [--size BYTES]\n"
    "         [--capacity BYTES] [--capacity-messages N] [--messages N] [--warmup-messages N] [--batch N]\n"
    "         [--no-delay true|false] [--placement free|same|apart]\n"
    "       bare-loops cache-line|memcpy [--size BYTES] [--messages N] [--placement apart]\n";

std::uint64_t number(const std::string& flag, std::string_view text, std::uint64_t least, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size() || value < least || value > most) {
    refuse(flag + " takes " + std::to_string(least) + ".." + std::to_string(most) + ", not " + std::string(text));
  }
  return value;
}

}  // namespace

[[noreturn]] void refuse(const std::string& what) {
  std::fprintf(stderr, "bare-loops: %s\n%s", what.c_str(), kUsage);
  std::exit(2);
}

[[noreturn]] void die(const char* call) {
  std::perror(call);
  std::exit(3);
}

Options parse(int argc, char** argv) {
  constexpr std::uint64_t kGreatest = 1'000'000'000'000;
  Options options;
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty()) refuse("which mechanism?");
  options.mechanism = words[0];
  const bool limit = options.mechanism == "cache-line" || options.mechanism == "memcpy";
  std::size_t at = 1;
  if (!limit) {
    if (words.size() < 2 || (words[1] != "stream" && words[1] != "pingpong")) refuse("which pattern?");
    options.pattern = words[at++];
  }
  for (; at < words.size(); at += 2) {
    const std::string& flag = words[at];
    if (at + 1 == words.size()) refuse(flag + " takes a value");
    const std::string& value = words[at + 1];
    if (flag == "--kind") {
      options.kind = value;
    } else if (flag == "--sync") {
      options.sync = value;
    } else if (flag == "--placement" && (value == "free" || value == "same" || value == "apart")) {
      options.placement = value;
    } else if (flag == "--size") {
      // The number of a message takes 8 bytes.
      options.size = number(flag, value, 8, 1 << 24);
    } else if (flag == "--capacity") {
      options.capacity = number(flag, value, 0, 1 << 30);
    } else if (flag == "--capacity-messages") {
      options.capacity_messages = number(flag, value, 0, 1 << 24);
    } else if (flag == "--messages") {
      options.messages = number(flag, value, 1, kGreatest);
    } else if (flag == "--warmup-messages") {
      options.warmup_messages = number(flag, value, 0, kGreatest);
    } else if (flag == "--batch") {
      options.batch = number(flag, value, 1, 1 << 16);
    } else if (flag == "--no-delay" && (value == "true" || value == "false")) {
      options.no_delay = value == "true";
    } else {
      refuse("no such flag or value: " + flag + " " + value);
    }
  }
  return options;
}

}  // namespace bare
