/// The codes of `error` frames; electron/contract/errors.ts mirrors the list, and a test holds the two together.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace ipc {

enum class ErrorCode {
  unknown_command,
  unknown_mechanism,
  unknown_flag,
  missing_value,
  not_a_number,
  out_of_range,
  not_a_choice,
  not_supported,
  bad_command,
  system_refused,
  limit_reached,
  no_permission,
  peer_failed,
  timed_out,
  internal,
};

/// Names as they travel, in the order of ErrorCode.
inline constexpr std::array<std::string_view, 15> kErrorCodeNames = {
    "unknown_command",
    "unknown_mechanism",
    "unknown_flag",
    "missing_value",
    "not_a_number",
    "out_of_range",
    "not_a_choice",
    "not_supported",
    "bad_command",
    "system_refused",
    "limit_reached",
    "no_permission",
    "peer_failed",
    "timed_out",
    "internal",
};

constexpr std::string_view name_of(ErrorCode code) { return kErrorCodeNames[static_cast<std::size_t>(code)]; }

}  // namespace ipc
