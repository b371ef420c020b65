#include "catalogue/option_table.hpp"

#include <algorithm>

#include "protocol/utterance.hpp"

namespace ipc {

namespace {

OptionRow boolean(std::string name, std::string flag, bool default_flag, bool Settings::*member) {
  OptionRow row{std::move(name), std::move(flag), OptionKind::boolean};
  row.default_flag = default_flag;
  row.boolean = member;
  return row;
}

std::string join(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) {
    if (!joined.empty()) joined += ", ";
    joined += word;
  }
  return joined;
}

}  // namespace

OptionRow integer_option(std::string name, std::string flag, std::string unit, std::uint64_t min, std::uint64_t max,
                         std::uint64_t default_number, std::uint64_t Settings::*number) {
  OptionRow row{std::move(name), std::move(flag), OptionKind::integer};
  row.unit = std::move(unit);
  row.min = min;
  row.max = max;
  row.default_number = default_number;
  row.number = number;
  return row;
}

OptionRow choice_option(std::string name, std::string flag, std::vector<std::string> values, Text Settings::*text) {
  OptionRow row{std::move(name), std::move(flag), OptionKind::choice};
  row.default_text = values.front();
  row.values = std::move(values);
  row.text = text;
  return row;
}

std::vector<std::string> patterns_with_several(Role role) {
  if (role == Role::producer) return {"fan_in", "many_to_many"};
  return {"fan_out", "many_to_many", "broadcast"};
}

std::vector<OptionRow> session_options(const ChannelLimits& limits) { return session_options(limits, {}); }

std::vector<OptionRow> session_options(const ChannelLimits& limits, std::vector<OptionRow> own) {
  std::vector<OptionRow> rows;

  rows.push_back(integer_option("size_bytes", "--size", "bytes", 1, limits.max_message_bytes,
                         std::min<std::uint64_t>(64, limits.max_message_bytes), &Settings::size_bytes));
  rows.back().logarithmic = true;
  if (limits.dialogue) {
    rows.back().pattern_defaults = {{"dialogue", std::min<std::uint64_t>(kMaxUtteranceMessage, limits.max_message_bytes)}};
  }

  if (limits.several) {
    rows.push_back(integer_option("producers", "--producers", "processes", 0, kMaxOfRole, 0, &Settings::producers));
    rows.back().zero = "by_pattern";
    rows.back().patterns = patterns_with_several(Role::producer);
    rows.push_back(integer_option("consumers", "--consumers", "processes", 0, kMaxOfRole, 0, &Settings::consumers));
    rows.back().zero = "by_pattern";
    rows.back().patterns = patterns_with_several(Role::consumer);
  }

  rows.push_back(integer_option("messages", "--messages", "messages", 0, 1'000'000'000'000, 0, &Settings::messages));
  rows.back().logarithmic = true;
  rows.back().zero = "unlimited";

  rows.push_back(integer_option("duration_ms", "--duration", "ms", 0, 86'400'000, 5000, &Settings::duration_ms));
  rows.back().zero = "unlimited";
  if (limits.dialogue) rows.back().pattern_defaults = {{"dialogue", 0}};

  rows.push_back(integer_option("warmup_ms", "--warmup", "ms", 0, 60'000, 200, &Settings::warmup_ms));
  rows.back().zero = "off";
  if (limits.dialogue) rows.back().pattern_defaults = {{"dialogue", 0}};

  rows.push_back(integer_option("rate_per_s", "--rate", "per_second", 0, 1'000'000'000, 0, &Settings::rate_per_s));
  rows.back().logarithmic = true;
  rows.back().zero = "full_speed";
  rows.back().live = true;

  rows.push_back(boolean("blocking", "--blocking", true, &Settings::blocking));

  if (limits.max_capacity != 0) {
    rows.push_back(limits.capacity_in_messages
                       ? integer_option("capacity_messages", "--capacity", "messages", 0, limits.max_capacity, 0,
                                 &Settings::capacity_messages)
                       : integer_option("capacity_bytes", "--capacity", "bytes", 0, limits.max_capacity, 0,
                                 &Settings::capacity_bytes));
    rows.back().logarithmic = true;
    rows.back().zero = "system_default";
    rows.back().live = limits.live_capacity;
    rows.back().bound = limits.capacity_bound;
  }

  for (OptionRow& row : own) rows.push_back(std::move(row));

  rows.push_back(choice_option("verify", "--verify", {"none", "sequence", "full"}, &Settings::verify));
  rows.back().default_text = "sequence";
  rows.back().live = true;

  OptionRow placement{"placement", "--placement", OptionKind::placement};
  placement.values = {"free", "same", "apart"};
  placement.default_text = "free";
  placement.text = &Settings::placement;
  rows.push_back(placement);

  rows.push_back(integer_option("consumer_delay_us", "--consumer-delay", "us", 0, 10'000'000, 0,
                         &Settings::consumer_delay_us));
  rows.back().logarithmic = true;
  rows.back().live = true;

  rows.push_back(integer_option("tick_ms", "--tick", "ms", 10, 1000, 50, &Settings::tick_ms));
  rows.back().advanced = true;

  rows.push_back(boolean("stats", "--stats", true, &Settings::stats));
  rows.back().advanced = true;
  return rows;
}

std::string allowed_values(const OptionRow& row) {
  switch (row.kind) {
    case OptionKind::integer:
      return std::to_string(row.min) + ".." + std::to_string(row.max);
    case OptionKind::choice:
      return join(row.values);
    case OptionKind::boolean:
      return "true, false";
    case OptionKind::placement:
      return join(row.values) + ", or CPU numbers such as 0,1";
  }
  return {};
}

}  // namespace ipc
