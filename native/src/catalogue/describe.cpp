#include "catalogue/describe.hpp"

#include "catalogue/catalogue.hpp"
#include "catalogue/exclusions.hpp"
#include "measure/clock.hpp"
#include "protocol/frames.hpp"
#include "protocol/json.hpp"
#include "system/cpus.hpp"
#include "system/facts.hpp"

namespace ipc {

namespace {

void put_strings(JsonWriter& json, const char* name, const std::vector<std::string>& words) {
  json.key(name).begin_array();
  for (const std::string& word : words) json.value(word);
  json.end_array();
}

void put_option(JsonWriter& json, const OptionRow& row) {
  static constexpr const char* kKinds[] = {"integer", "choice", "boolean", "placement"};
  json.begin_object()
      .member("name", row.name)
      .member("flag", row.flag)
      .member("live", row.live)
      .member("advanced", row.advanced)
      .member("kind", kKinds[static_cast<std::size_t>(row.kind)]);
  if (!row.patterns.empty()) put_strings(json, "patterns", row.patterns);
  switch (row.kind) {
    case OptionKind::integer:
      json.member("unit", row.unit)
          .member("min", row.min)
          .member("max", row.max)
          .member("default", row.default_number)
          .member("scale", row.logarithmic ? "log" : "linear");
      if (!row.zero.empty()) json.member("zero", row.zero);
      if (!row.pattern_defaults.empty()) {
        json.key("pattern_defaults").begin_object();
        for (const auto& [pattern, value] : row.pattern_defaults) json.member(pattern, value);
        json.end_object();
      }
      break;
    case OptionKind::choice:
      put_strings(json, "values", row.values);
      json.member("default", row.default_text);
      break;
    case OptionKind::boolean:
      json.member("default", row.default_flag);
      break;
    case OptionKind::placement:
      put_strings(json, "words", row.values);
      json.member("default", row.default_text);
      break;
  }
  json.end_object();
}

void put_exclusions(JsonWriter& json, const std::vector<Exclusion>& exclusions) {
  json.key("exclusions").begin_array();
  for (const auto& [first, second] : exclusions) {
    json.begin_array();
    for (const Choice& choice : {first, second}) {
      json.begin_object().member("name", choice.name).member("value", choice.value).end_object();
    }
    json.end_array();
  }
  json.end_array();
}

}  // namespace

std::string describe_frame() {
  JsonWriter json;
  json.begin_object().member("t", "describe").member("protocol", kProtocol).member("helper", IPC_SCOPE_VERSION);

  const SystemFacts facts = system_facts();
  json.key("system").begin_object();
  json.member("os", facts.os).member("release", facts.release).member("arch", facts.arch);
  json.key("cpus").begin_array();
  for (const unsigned cpu : allowed_cpus()) json.value(cpu);
  json.end_array().member("page_bytes", facts.page_bytes).end_object();

  const ClockFacts clock = measure_clock(20'000);
  json.key("clock").begin_object();
  json.member("name", "CLOCK_MONOTONIC")
      .member("resolution_ns", clock.resolution_ns)
      .member("cost_ns", clock.cost_ns)
      .end_object();

  json.key("limits").begin_object();
  for (const auto& [name, value] : system_limits()) json.member(name, value);
  json.end_object();

  json.key("mechanisms").begin_array();
  for (const MechanismRow& row : catalogue()) {
    json.begin_object().member("id", row.id).member("family", row.family);
    put_strings(json, "variants", row.variants);
    put_strings(json, "patterns", row.patterns);
    json.key("options").begin_array();
    const std::vector<OptionRow> options = row.options();
    for (const OptionRow& option : options) put_option(json, option);
    json.end_array();
    put_exclusions(json, find_exclusions(row, options));
    json.end_object();
  }
  return json.end_array().end_object().take();
}

}  // namespace ipc
