/// ipc-helper: runs sessions of interprocess communication and measures them. It speaks NDJSON on standard output, one
/// frame a line, and takes commands on standard input.
#include <charconv>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "catalogue/describe.hpp"
#include "ownership/clean.hpp"
#include "peer/context.hpp"
#include "protocol/failure.hpp"
#include "protocol/frames.hpp"
#include "rpc/command.hpp"
#include "session/frame_output.hpp"
#include "session/supervisor.hpp"

namespace {

constexpr const char* kHelp =
    "ipc-helper " IPC_SCOPE_VERSION
    "\n"
    "\n"
    "  ipc-helper describe                     what this system can do, as one line of JSON\n"
    "  ipc-helper run MECHANISM --flag value   one session; frames on standard output, commands on standard input\n"
    "  ipc-helper clean                        remove what dead sessions left behind\n"
    "  ipc-helper rpc serve --port N           serves our ONC RPC program on 127.0.0.1 until standard input ends\n"
    "  ipc-helper rpc call --port N            makes one call; see its error for the procedures and flags\n"
    "  ipc-helper --version\n"
    "\n"
    "Mechanisms, flags and their ranges: see describe. A session ends at its duration, or at the end of standard input.\n";

int run_as_peer(const std::vector<std::string>& words) {
  int fd = -1;
  unsigned index = 0;
  const auto parse = [](const std::string& word, auto& number) {
    return std::from_chars(word.data(), word.data() + word.size(), number).ec == std::errc{};
  };
  if (words.size() != 4 || (words[1] != "producer" && words[1] != "consumer") || !parse(words[2], index) ||
      !parse(words[3], fd)) {
    throw ipc::Failure{ipc::ErrorCode::unknown_command, "a peer is started by run, not by people", "Use run."};
  }
  return ipc::run_peer(words[1] == "producer" ? ipc::Role::producer : ipc::Role::consumer, index, fd);
}

int dispatch(const std::vector<std::string>& words) {
  const std::string& command = words.front();
  if (command == "--version") {
    std::puts(IPC_SCOPE_VERSION);
    return ipc::kExitDone;
  }
  if (command == "--help") {
    std::fputs(kHelp, stderr);
    return ipc::kExitDone;
  }
  if (command == "peer") return run_as_peer(words);
  if (command == "run") {
    if (words.size() < 2) {
      throw ipc::Failure{ipc::ErrorCode::missing_value, "run needs the name of a mechanism",
                         "Name one of those that describe lists.", "mechanism"};
    }
    return ipc::run_session(words[1], {words.begin() + 2, words.end()});
  }
  if (command == "rpc") return ipc::rpc::run_command({words.begin() + 1, words.end()});
  if ((command == "describe" || command == "clean") && words.size() > 1) {
    throw ipc::Failure{ipc::ErrorCode::unknown_flag, command + " takes no flags", "Leave it out.", words[1]};
  }
  if (command == "describe") {
    ipc::print_line(ipc::describe_frame());
    return ipc::kExitDone;
  }
  if (command == "clean") {
    ipc::print_line(ipc::cleaned_frame(ipc::clean_leftovers()));
    return ipc::kExitDone;
  }
  throw ipc::Failure{ipc::ErrorCode::unknown_command, "there is no command of this name",
                     "Use one of: describe, run, clean, rpc.", "command", command, "describe, run, clean, rpc"};
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty()) {
    std::fputs(kHelp, stderr);
    return ipc::kExitUsage;
  }
  try {
    return dispatch(words);
  } catch (const ipc::Failure& failure) {
    ipc::print_line(ipc::error_frame(0, true, failure));
    return failure.exit_code;
  } catch (const std::exception& error) {
    const ipc::Failure failure{ipc::ErrorCode::internal, error.what(),
                               "This is a fault in the helper itself; please report it with the message."};
    ipc::print_line(ipc::error_frame(0, true, failure));
    return ipc::kExitSystem;
  }
}
