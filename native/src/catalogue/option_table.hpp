/// The options of sessions: one row describes an option to people (`describe`), to the flag parser and to `set`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

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
  bool logarithmic = false;
  /// What 0 stands for; empty where it is simply nought.
  std::string zero{};

  /// Choices, or the words of a placement.
  std::vector<std::string> values{};
  std::string default_text{};
  bool default_flag = false;

  /// Where the value lies in Settings; the one that fits the kind is set.
  std::uint64_t Settings::*number = nullptr;
  bool Settings::*boolean = nullptr;
  Text Settings::*text = nullptr;
};

/// The greatest message, 16 MiB.
inline constexpr std::uint64_t kMaxMessageBytes = 16'777'216;

/// What a mechanism says about its capacity option.
struct CapacityRange {
  std::uint64_t max;
  bool live;
};

/// The options that every mechanism takes, in the order in which people are shown them; `sync` only where it is
/// not empty, its first value being the default.
std::vector<OptionRow> session_options(const CapacityRange& capacity, const std::vector<std::string>& sync = {});

/// The accepted values in words, for instance `1..16777216` or `none, futex`.
std::string allowed_values(const OptionRow& row);

}  // namespace ipc
