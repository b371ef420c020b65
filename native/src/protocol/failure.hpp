/// A refusal with everything a person needs to know, as an exception on the way to its `error` frame.
#pragma once

#include <string>
#include <string_view>

#include "protocol/error_codes.hpp"

namespace ipc {

/// Exit codes of the helper.
inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitSystem = 3;

/// What is thrown before a session runs. Empty strings are left out of the frame.
struct Failure {
  ErrorCode code;
  std::string message;
  std::string remedy;
  std::string where{};
  std::string value{};
  std::string allowed{};
  std::string errno_name{};
  int exit_code = kExitUsage;
};

/// `EMFILE` for EMFILE; `E42` for a number without a name here.
std::string errno_name(int number);

/// The failure of a system call: picks code and remedy by errno. `call` names the call, for instance `pipe2`.
Failure system_failure(std::string_view call, int number);

}  // namespace ipc
