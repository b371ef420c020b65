/// From command-line words to checked settings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"

namespace ipc {

/// Parses `--flag value …`, applies the defaults and the mechanism's own rules. Every flag takes exactly one value;
/// of a repeated flag the last one counts. Throws Failure (exit code 2) for the first word that is wrong.
Settings parse_settings(const MechanismRow& mechanism, const std::vector<OptionRow>& rows,
                        const std::vector<std::string>& words);

/// A whole number in the row's range. Throws Failure not_a_number or out_of_range, `where` being the word to blame.
std::uint64_t parse_number(const OptionRow& row, std::string_view value, std::string_view where);

/// One of the row's words. Throws Failure not_a_choice, `where` being the word to blame.
std::string parse_choice(const OptionRow& row, std::string_view value, std::string_view where);

/// The CPUs of a `list` placement, in order; empty when `text` is not such a list.
std::vector<unsigned> cpu_list(std::string_view text);

}  // namespace ipc
