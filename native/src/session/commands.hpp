/// The commands that a running session takes on standard input, one a line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "catalogue/option_table.hpp"
#include "measure/stats_page.hpp"

namespace ipc {

struct PauseCommand {};
struct ResumeCommand {};
struct StopCommand {};
struct SetCommand {
  const OptionRow* row;
  /// Of a number.
  std::uint64_t value = 0;
  /// Of a choice.
  std::string word{};
};
struct KillCommand {
  Role role;
  unsigned index;
};
struct SayCommand {
  Role role;
  /// As it came: not yet checked.
  std::string text;
};
using Command = std::variant<PauseCommand, ResumeCommand, StopCommand, SetCommand, KillCommand, SayCommand>;

/// Parses one line. `set` takes an option's name with or without its unit. Throws Failure bad_command (or the option's
/// own not_a_number and out_of_range under that code) saying what would be right.
Command parse_command(std::string_view line, const std::vector<OptionRow>& options);

}  // namespace ipc
