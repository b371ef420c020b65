#include "catalogue/exclusions.hpp"

#include <algorithm>

#include "check.hpp"
#include "protocol/failure.hpp"

using namespace ipc;

namespace {

bool excluded(const std::vector<Exclusion>& exclusions, const std::string& one, const std::string& other) {
  return std::ranges::any_of(exclusions, [&](const Exclusion& pair) {
    return pair.first.name + " " + pair.first.value == one && pair.second.name + " " + pair.second.value == other;
  });
}

/// Takes "left" with nothing but "up"; "right" with everything, if only the size were another.
MechanismRow made_up() {
  MechanismRow row = mechanism_row("pipe");
  row.variants = {"plain"};
  row.patterns = {"stream"};
  row.resolve = [](Settings& settings) {
    if (settings.size_bytes == 64 && settings.sync.view() == "right") throw Failure{ErrorCode::out_of_range, "", "", "--size"};
    if (settings.sync.view() == "left" && settings.kind.view() != "up") {
      throw Failure{ErrorCode::not_supported, "", "", "--kind"};
    }
  };
  return row;
}

}  // namespace

CASE("values exclude each other when they are refused whatever stands beside them, and no number is to blame") {
  std::vector<OptionRow> own = {choice_option("sync", "--sync", {"left", "right"}, &Settings::sync),
                                choice_option("kind", "--kind", {"up", "down"}, &Settings::kind)};
  const std::vector<Exclusion> found = find_exclusions(made_up(), session_options({}, own));
  EQUAL(found.size(), 1U);
  HOLDS(excluded(found, "sync left", "kind down"));
}

CASE("the tuned ring excludes the ways of waiting that it does not have, and no others") {
  const MechanismRow& shm = mechanism_row("shm");
  const std::vector<Exclusion> found = find_exclusions(shm, shm.options());
  HOLDS(excluded(found, "variant tuned", "sync mutex"));
  HOLDS(!excluded(found, "variant tuned", "sync futex"));
  HOLDS(!excluded(found, "variant tuned", "pattern stream"));
}
