/// The options of sessions: one row describes an option to people (`describe`), to the flag parser and to `set`.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "measure/stats_page.hpp"
#include "options/settings.hpp"

namespace ipc {

enum class OptionKind { integer, choice, boolean, placement };

struct OptionRow {
  /// With its unit, for instance `size_bytes`.
  std::string name;
  std::string flag;
  OptionKind kind;
  bool live = false;
  bool advanced = false;

  /// Integers: unit and range, both ends included.
  std::string unit{};
  std::uint64_t min = 0;
  std::uint64_t max = 0;
  std::uint64_t default_number = 0;
  /// The limits of the system that `max` comes from, in words; empty where the number is our own.
  std::string bound{};
  bool logarithmic = false;
  /// What 0 stands for; empty where it is simply nought.
  std::string zero{};

  /// Where a pattern has another default than the others: its name, and the default.
  std::vector<std::pair<std::string, std::uint64_t>> pattern_defaults{};

  /// Choices, or the words of a placement.
  std::vector<std::string> values{};
  std::string default_text{};
  bool default_flag = false;
  /// The patterns that it means something in; empty: all.
  std::vector<std::string> patterns{};

  /// Where the value lies in Settings; the one that fits the kind is set.
  std::uint64_t Settings::*number = nullptr;
  bool Settings::*boolean = nullptr;
  Text Settings::*text = nullptr;
};

/// Processes of one role in a session.
inline constexpr std::uint64_t kMaxOfRole = 64;

/// The greatest message, 16 MiB.
inline constexpr std::uint64_t kMaxMessageBytes = 16'777'216;

/// The patterns in which several processes may have the role.
std::vector<std::string> patterns_with_several(Role role);

/// What a mechanism says about the options that every mechanism takes.
struct ChannelLimits {
  /// The greatest capacity; 0: there is nothing to choose, so the option is left out.
  std::uint64_t max_capacity = 0;
  /// Whether the capacity may be changed while the session runs.
  bool live_capacity = false;
  /// Whether the system counts the capacity in messages instead of bytes.
  bool capacity_in_messages = false;
  std::uint64_t max_message_bytes = kMaxMessageBytes;
  /// Whether there are patterns with several producers or consumers.
  bool several = false;
  /// The limit of the system that `max_capacity` comes from, in words; see OptionRow::bound.
  std::string capacity_bound{};
  /// Whether there is the pattern `dialogue`, which nothing but people bounds.
  bool dialogue = false;
};

/// The options that every mechanism takes, in the order in which people are shown them.
std::vector<OptionRow> session_options(const ChannelLimits& limits);

/// As above, with the mechanism's own options after the capacity.
std::vector<OptionRow> session_options(const ChannelLimits& limits, std::vector<OptionRow> own);

/// A number of a mechanism's own.
OptionRow integer_option(std::string name, std::string flag, std::string unit, std::uint64_t min, std::uint64_t max,
                         std::uint64_t default_number, std::uint64_t Settings::*number);

/// A choice of a mechanism's own; the first value is the default.
OptionRow choice_option(std::string name, std::string flag, std::vector<std::string> values, Text Settings::*text);

/// The accepted values in words, for instance `1..16777216` or `none, futex`.
std::string allowed_values(const OptionRow& row);

}  // namespace ipc
