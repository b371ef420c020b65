#include "options/parse.hpp"

#include <algorithm>
#include <charconv>

#include "measure/message.hpp"
#include "protocol/failure.hpp"
#include "protocol/utterance.hpp"
#include "system/cpus.hpp"

namespace ipc {

namespace {

std::string join(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) {
    if (!joined.empty()) joined += ", ";
    joined += word;
  }
  return joined;
}

[[noreturn]] void refuse(ErrorCode code, std::string_view where, std::string_view value, std::string message,
                         std::string allowed) {
  Failure failure{code, std::move(message), "Use one of: " + allowed + "."};
  if (code == ErrorCode::out_of_range || code == ErrorCode::not_a_number) {
    failure.remedy = "Use a whole number in " + allowed + ".";
  }
  failure.where = where;
  failure.value = value;
  failure.allowed = std::move(allowed);
  throw failure;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void take_choice(Text& target, const std::vector<std::string>& values, std::string_view flag,
                 std::string_view value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) {
    refuse(ErrorCode::not_a_choice, flag, value, std::string(flag) + " does not take this word", join(values));
  }
  target.assign(value);
}

void take_placement(Text& target, const OptionRow& row, std::string_view value) {
  const bool word = std::find(row.values.begin(), row.values.end(), value) != row.values.end();
  const std::vector<unsigned> allowed = allowed_cpus();
  if (!word) {
    const std::vector<unsigned> wanted = cpu_list(value);
    if (wanted.empty() || value.size() > Text::capacity()) {
      refuse(ErrorCode::not_a_choice, row.flag, value, row.flag + " takes a word or a list of CPU numbers",
             allowed_values(row));
    }
    std::string numbers;
    for (const unsigned cpu : allowed) numbers += (numbers.empty() ? "" : ",") + std::to_string(cpu);
    for (const unsigned cpu : wanted) {
      if (std::find(allowed.begin(), allowed.end(), cpu) != allowed.end()) continue;
      refuse(ErrorCode::out_of_range, row.flag, value, "this process may not run on CPU " + std::to_string(cpu),
             numbers);
    }
  } else if (value == "apart" && allowed.size() < 2) {
    refuse(ErrorCode::not_supported, row.flag, value, "this process may run on one CPU only", "free, same");
  }
  target.assign(value);
}

void take(Settings& settings, const OptionRow& row, std::string_view value) {
  switch (row.kind) {
    case OptionKind::integer:
      settings.*row.number = parse_number(row, value, row.flag);
      return;
    case OptionKind::choice:
      take_choice(settings.*row.text, row.values, row.flag, value);
      return;
    case OptionKind::boolean:
      if (value != "true" && value != "false") {
        refuse(ErrorCode::not_a_choice, row.flag, value, row.flag + " is either on or off", "true, false");
      }
      settings.*row.boolean = value == "true";
      return;
    case OptionKind::placement:
      take_placement(settings.*row.text, row, value);
      return;
  }
}

void take_defaults(Settings& settings, const MechanismRow& mechanism, const std::vector<OptionRow>& rows) {
  settings.mechanism.assign(mechanism.id);
  settings.variant.assign(mechanism.variants.front());
  settings.pattern.assign(mechanism.patterns.front());
  for (const OptionRow& row : rows) {
    if (row.number != nullptr) settings.*row.number = row.default_number;
    if (row.boolean != nullptr) settings.*row.boolean = row.default_flag;
    if (row.text != nullptr) (settings.*row.text).assign(row.default_text);
  }
}

/// Gives the options that nobody chose the defaults that the pattern has.
void take_pattern_defaults(Settings& settings, const std::vector<OptionRow>& rows,
                           const std::vector<std::string>& words) {
  for (const OptionRow& row : rows) {
    if (std::find(words.begin(), words.end(), row.flag) != words.end()) continue;
    for (const auto& [pattern, value] : row.pattern_defaults) {
      if (pattern == settings.pattern.view()) settings.*row.number = value;
    }
  }
}

/// Lines come when people type them, so whatever paces or repeats messages makes no sense.
void resolve_dialogue(const Settings& settings) {
  const auto refuse_pace = [](const std::string& flag, std::uint64_t value) {
    if (value == 0) return;
    refuse(ErrorCode::not_supported, flag, std::to_string(value),
           flag + " has no place in a dialogue, whose lines come when they are typed", "0");
  };
  refuse_pace("--rate", settings.rate_per_s);
  refuse_pace("--warmup", settings.warmup_ms);
  refuse_pace("--consumer-delay", settings.consumer_delay_us);
  if (!settings.stats) {
    refuse(ErrorCode::not_supported, "--stats", "false", "nothing would be told of a dialogue without counters", "true");
  }
  if (settings.size_bytes <= kHeaderBytes || settings.size_bytes > kMaxUtteranceMessage) {
    refuse(ErrorCode::out_of_range, "--size", std::to_string(settings.size_bytes),
           "a line of a dialogue has 1 to " + std::to_string(kMaxUtteranceBytes) + " bytes and a header of " +
               std::to_string(kHeaderBytes),
           std::to_string(kHeaderBytes + 1) + ".." + std::to_string(kMaxUtteranceMessage));
  }
}

/// What a pattern says about the number of processes of a role.
struct RoleCount {
  std::uint64_t usual;
  bool several;
};

void resolve_role(std::uint64_t& count, const RoleCount& role, const char* flag, const Settings& settings) {
  if (count == 0) count = role.usual;
  if (count == 1 || role.several) return;
  refuse(ErrorCode::out_of_range, flag, std::to_string(count),
         "the pattern " + std::string(settings.pattern.view()) + " has one process of this role", "1..1");
}

RoleCount role_count(Role role, std::string_view pattern) {
  const std::vector<std::string> several = patterns_with_several(role);
  if (std::ranges::find(several, pattern) == several.end()) return {1, false};
  return {pattern == "many_to_many" ? 2U : 4U, true};
}

/// Fills in how many processes the pattern has, and refuses what does not go with several.
void resolve_processes(Settings& settings) {
  const std::string_view pattern = settings.pattern.view();
  resolve_role(settings.producers, role_count(Role::producer, pattern), "--producers", settings);
  resolve_role(settings.consumers, role_count(Role::consumer, pattern), "--consumers", settings);
  if (settings.processes() == 2) return;
  // 0: as the mechanism has it, which sees to it itself.
  if (settings.size_bytes != 0 && settings.size_bytes < kWholeNumberBytes) {
    refuse(ErrorCode::out_of_range, "--size", std::to_string(settings.size_bytes),
           "with several processes a message must have room for its whole number and its sender's",
           std::to_string(kWholeNumberBytes) + ".." + std::to_string(kMaxMessageBytes));
  }
  if (!settings.stats) {
    refuse(ErrorCode::not_supported, "--stats", "false", "several processes cannot be told apart without counters",
           "true");
  }
}

}  // namespace

std::uint64_t parse_number(const OptionRow& row, std::string_view value, std::string_view where) {
  const bool negative = value.size() > 1 && value.front() == '-';
  const std::string_view digits = negative ? value.substr(1) : value;
  if (!all_digits(digits)) {
    refuse(ErrorCode::not_a_number, where, value, std::string(where) + " takes a whole number", allowed_values(row));
  }
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  // -0 is nought; any other number below zero is outside every range there is.
  const bool outside = parsed.ec != std::errc{} || (negative && number != 0) || number < row.min || number > row.max;
  if (outside) {
    refuse(ErrorCode::out_of_range, where, value, "the value of " + std::string(where) + " is outside its range" +
               (row.bound.empty() ? "" : "; " + row.bound),
           allowed_values(row));
  }
  return number;
}

std::string parse_choice(const OptionRow& row, std::string_view value, std::string_view where) {
  Text word;
  take_choice(word, row.values, where, value);
  return std::string(word.view());
}

std::vector<unsigned> cpu_list(std::string_view text) {
  std::vector<unsigned> cpus;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view digits = text.substr(0, comma);
    unsigned cpu = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), cpu);
    if (!all_digits(digits) || parsed.ec != std::errc{}) return {};
    cpus.push_back(cpu);
    if (comma == std::string_view::npos) return cpus;
    text.remove_prefix(comma + 1);
  }
  return {};
}

Settings parse_settings(const MechanismRow& mechanism, const std::vector<OptionRow>& rows,
                        const std::vector<std::string>& words) {
  Settings settings;
  take_defaults(settings, mechanism, rows);

  std::vector<std::string> flags = {"--variant", "--pattern"};
  for (const OptionRow& row : rows) flags.push_back(row.flag);

  for (std::size_t i = 0; i < words.size(); i += 2) {
    const std::string& flag = words[i];
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const OptionRow& r) { return r.flag == flag; });
    if (std::find(flags.begin(), flags.end(), flag) == flags.end()) {
      refuse(ErrorCode::unknown_flag, flag, i + 1 < words.size() ? words[i + 1] : "",
             mechanism.id + " has no flag of this name", join(flags));
    }
    if (i + 1 >= words.size() || words[i + 1].starts_with("--")) {
      refuse(ErrorCode::missing_value, flag, "", flag + " needs a value",
             row != rows.end() ? allowed_values(*row)
                               : join(flag == "--variant" ? mechanism.variants : mechanism.patterns));
    }
    const std::string& value = words[i + 1];
    if (flag == "--variant") {
      take_choice(settings.variant, mechanism.variants, flag, value);
    } else if (flag == "--pattern") {
      take_choice(settings.pattern, mechanism.patterns, flag, value);
    } else {
      take(settings, *row, value);
    }
  }
  take_pattern_defaults(settings, rows, words);
  resolve_processes(settings);
  if (settings.dialogue()) resolve_dialogue(settings);
  mechanism.resolve(settings);
  return settings;
}

}  // namespace ipc
