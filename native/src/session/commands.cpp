#include "session/commands.hpp"

#include <algorithm>
#include <string>

#include "options/parse.hpp"
#include "protocol/failure.hpp"

namespace ipc {

namespace {

constexpr const char* kCommands = "pause, resume, stop, set NAME VALUE, kill ROLE INDEX, say ROLE TEXT";

[[noreturn]] void refuse(std::string message, std::string_view where, std::string_view value, std::string allowed) {
  Failure failure{ErrorCode::bad_command, std::move(message), "Use one of: " + allowed + "."};
  failure.where = where;
  failure.value = value;
  failure.allowed = std::move(allowed);
  throw failure;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t start = line.find_first_not_of(" \t\r");
    if (start == std::string_view::npos) return words;
    const std::size_t end = std::min(line.find_first_of(" \t\r", start), line.size());
    words.push_back(line.substr(start, end - start));
    line.remove_prefix(end);
  }
}

/// Whether `word` names the option: by its name, its name without the unit, or its flag.
bool names(const OptionRow& row, std::string_view word) {
  if (word == row.name) return true;
  std::string flag = row.flag.substr(2);
  std::replace(flag.begin(), flag.end(), '-', '_');
  return word == flag;
}

Command parse_set(const std::vector<std::string_view>& words, const std::vector<OptionRow>& options) {
  std::string live;
  for (const OptionRow& row : options) {
    if (!row.live) continue;
    if (!live.empty()) live += ", ";
    live += row.name;
  }
  if (words.size() != 3) refuse("set takes a name and a value", "set", "", live);
  for (const OptionRow& row : options) {
    if (!row.live || !names(row, words[1])) continue;
    try {
      if (row.kind == OptionKind::choice) return SetCommand{&row, 0, parse_choice(row, words[2], row.name)};
      return SetCommand{&row, parse_number(row, words[2], row.name)};
    } catch (Failure& failure) {
      failure.code = ErrorCode::bad_command;
      throw;
    }
  }
  refuse("there is nothing of this name to set while the session runs", "set", words[1], live);
}

Command parse_kill(const std::vector<std::string_view>& words) {
  const OptionRow index{"index", "index", OptionKind::integer, false, false, "processes", 0, kMaxOfRole - 1};
  if (words.size() != 3 || (words[1] != "producer" && words[1] != "consumer")) {
    refuse("kill takes a role and an index", "kill", words.size() > 1 ? words[1] : "", "producer 0, consumer 0");
  }
  try {
    return KillCommand{words[1] == "producer" ? Role::producer : Role::consumer,
                       static_cast<unsigned>(parse_number(index, words[2], "index"))};
  } catch (Failure& failure) {
    failure.code = ErrorCode::bad_command;
    throw;
  }
}

/// `say ROLE TEXT`: the text is all that follows one blank, blanks included, up to the line's end.
Command parse_say(const std::vector<std::string_view>& words, std::string_view line) {
  if (words.size() < 2 || (words[1] != "producer" && words[1] != "consumer")) {
    refuse("say takes a role and a text", "say", words.size() > 1 ? words[1].substr(0, 200) : "",
           "producer TEXT, consumer TEXT");
  }
  if (line.ends_with('\r')) line.remove_suffix(1);
  line.remove_prefix(static_cast<std::size_t>(words[1].data() + words[1].size() - line.data()));
  if (!line.empty()) line.remove_prefix(1);
  return SayCommand{words[1] == "producer" ? Role::producer : Role::consumer, std::string(line)};
}

}  // namespace

Command parse_command(std::string_view line, const std::vector<OptionRow>& options) {
  const std::vector<std::string_view> words = words_of(line);
  if (words.empty()) refuse("the line is empty", "command", "", kCommands);
  if (words[0] == "set") return parse_set(words, options);
  if (words[0] == "kill") return parse_kill(words);
  if (words[0] == "say") return parse_say(words, line);
  if (words.size() == 1) {
    if (words[0] == "pause") return PauseCommand{};
    if (words[0] == "resume") return ResumeCommand{};
    if (words[0] == "stop") return StopCommand{};
  }
  refuse("there is no command of this form", "command", line.substr(0, 200), kCommands);
}

}  // namespace ipc
