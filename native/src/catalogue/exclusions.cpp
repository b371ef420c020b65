#include "catalogue/exclusions.hpp"

#include <algorithm>

#include "options/parse.hpp"
#include "protocol/failure.hpp"

namespace ipc {

namespace {

/// Something with several values of which one is chosen.
struct Part {
  std::string name;
  std::string flag;
  std::vector<std::string> values;
};

std::vector<Part> parts_of(const MechanismRow& mechanism, const std::vector<OptionRow>& rows) {
  std::vector<Part> parts = {{"variant", "--variant", mechanism.variants}, {"pattern", "--pattern", mechanism.patterns}};
  for (const OptionRow& row : rows) {
    // What may be changed at any time goes with everything.
    if (row.kind == OptionKind::choice && !row.live) parts.push_back({row.name, row.flag, row.values});
  }
  return parts;
}

/// Whether a session may be like this, as far as these choices go.
bool accepted(const MechanismRow& mechanism, const std::vector<OptionRow>& rows, const std::vector<Part>& parts,
              const std::vector<std::size_t>& chosen) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    words.push_back(parts[i].flag);
    words.push_back(parts[i].values[chosen[i]]);
  }
  try {
    parse_settings(mechanism, rows, words);
    return true;
  } catch (const Failure& failure) {
    return std::ranges::none_of(parts, [&](const Part& part) { return part.flag == failure.where; });
  }
}

/// Goes on to the next combination; false after the last.
bool advance(std::vector<std::size_t>& chosen, const std::vector<Part>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (++chosen[i] < parts[i].values.size()) return true;
    chosen[i] = 0;
  }
  return false;
}

}  // namespace

std::vector<Exclusion> find_exclusions(const MechanismRow& mechanism, const std::vector<OptionRow>& rows) {
  const std::vector<Part> parts = parts_of(mechanism, rows);
  std::vector<std::size_t> first_value;
  std::size_t values = 0;
  for (const Part& part : parts) {
    first_value.push_back(values);
    values += part.values.size();
  }
  // By the places of both values in the list of all: whether they were accepted together.
  std::vector<bool> together(values * values, false);
  std::vector<std::size_t> chosen(parts.size(), 0);
  do {
    if (!accepted(mechanism, rows, parts, chosen)) continue;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      for (std::size_t j = 0; j < parts.size(); ++j) {
        together[(first_value[i] + chosen[i]) * values + first_value[j] + chosen[j]] = true;
      }
    }
  } while (advance(chosen, parts));

  std::vector<Exclusion> exclusions;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t j = i + 1; j < parts.size(); ++j) {
      for (std::size_t a = 0; a < parts[i].values.size(); ++a) {
        for (std::size_t b = 0; b < parts[j].values.size(); ++b) {
          if (together[(first_value[i] + a) * values + first_value[j] + b]) continue;
          exclusions.push_back({{parts[i].name, parts[i].values[a]}, {parts[j].name, parts[j].values[b]}});
        }
      }
    }
  }
  return exclusions;
}

}  // namespace ipc
