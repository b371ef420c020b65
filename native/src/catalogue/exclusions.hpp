/// Which choices of a mechanism do not go together.
#pragma once

#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"

namespace ipc {

/// `variant`, `pattern` or the name of an option that is a choice, and one of its values.
struct Choice {
  std::string name;
  std::string value;
};

/// Two choices that no session of the mechanism can have at once.
struct Exclusion {
  Choice first;
  Choice second;
};

/// Found by asking the parser itself, so that there is no second list of what it refuses: two values exclude each other when
/// they are refused whatever is chosen beside them. A refusal that blames a number or a switch excludes nothing.
std::vector<Exclusion> find_exclusions(const MechanismRow& mechanism, const std::vector<OptionRow>& rows);

}  // namespace ipc
