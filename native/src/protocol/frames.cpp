#include "protocol/frames.hpp"

#include "measure/clock.hpp"
#include "protocol/json.hpp"

namespace ipc {

namespace {

void begin(JsonWriter& json, const char* type, std::uint64_t elapsed_ns) {
  json.begin_object().member("t", type).member("elapsed_ns", elapsed_ns);
}

void put_who(JsonWriter& json, const Who& who) {
  json.member("role", name_of(who.role)).member("index", who.index).member("pid", who.pid);
}

void put_settings(JsonWriter& json, const Settings& settings, const std::vector<OptionRow>& options) {
  json.member("mechanism", settings.mechanism.view());
  json.member("variant", settings.variant.view());
  json.member("pattern", settings.pattern.view());
  json.key("options").begin_object();
  for (const OptionRow& row : options) {
    if (row.number != nullptr) json.member(row.name, settings.*row.number);
    if (row.boolean != nullptr) json.member(row.name, settings.*row.boolean);
    if (row.text != nullptr) json.member(row.name, (settings.*row.text).view());
  }
  json.end_object();
}

void put_counters(JsonWriter& json, const Counters& counters) {
  json.member("messages", counters.messages)
      .member("bytes", counters.bytes)
      .member("calls", counters.calls)
      .member("would_block", counters.would_block)
      .member("blocked_ns", counters.blocked_ns)
      .member("cpu_user_ns", counters.cpu_user_ns)
      .member("cpu_sys_ns", counters.cpu_sys_ns)
      .member("runnable_ns", counters.runnable_ns)
      .member("voluntary_switches", counters.voluntary_switches)
      .member("involuntary_switches", counters.involuntary_switches)
      .member("minor_faults", counters.minor_faults)
      .member("major_faults", counters.major_faults)
      .member("waits", counters.waits);
}

void put_integrity(JsonWriter& json, const IntegrityCounts& counts) {
  json.member("lost", counts.lost)
      .member("corrupt", counts.corrupt)
      .member("torn", counts.torn)
      .member("duplicated", counts.duplicated)
      .member("reordered", counts.reordered);
}

void put_optional(JsonWriter& json, const char* name, const std::optional<std::uint64_t>& value) {
  json.key(name);
  if (value) {
    json.value(*value);
  } else {
    json.null();
  }
}

void put_text_unless_empty(JsonWriter& json, const char* name, const std::string& text) {
  if (!text.empty()) json.member(name, text);
}

const char* kind_of(bool round_trip) { return round_trip ? "round_trip" : "one_way"; }

double per_second(std::uint64_t amount, std::uint64_t duration_ns) {
  if (duration_ns == 0) return 0;
  return static_cast<double>(amount) * static_cast<double>(kNsPerSecond) / static_cast<double>(duration_ns);
}

void put_latency(JsonWriter& json, const SummaryFrame& summary) {
  const LatencyTotals& latency = summary.latency;
  const std::uint64_t samples = latency.samples();
  const auto ratio = [samples](std::uint64_t of) {
    return of == 0 ? 0.0 : std::min(1.0, static_cast<double>(samples) / static_cast<double>(of));
  };
  const double mean = samples == 0 ? 0 : static_cast<double>(summary.latency_sum_ns) / static_cast<double>(samples);
  json.key("latency").begin_object();
  json.member("kind", kind_of(summary.round_trip))
      .member("samples", samples)
      .member("sampling_ratio", ratio(summary.messages))
      .member("min_ns", latency.min_ns())
      .member("mean_ns", mean)
      .member("p50_ns", latency.quantile_ns(0.5))
      .member("p90_ns", latency.quantile_ns(0.9))
      .member("p99_ns", latency.quantile_ns(0.99))
      .member("p99_9_ns", latency.quantile_ns(0.999))
      .member("max_ns", latency.max_ns());
  json.end_object();
}

}  // namespace

Counters operator-(const Counters& later, const Counters& earlier) {
  static constexpr std::uint64_t Counters::*kAll[] = {
      &Counters::messages,           &Counters::bytes,
      &Counters::calls,              &Counters::would_block,
      &Counters::blocked_ns,         &Counters::cpu_user_ns,
      &Counters::cpu_sys_ns,         &Counters::runnable_ns,
      &Counters::voluntary_switches, &Counters::involuntary_switches,
      &Counters::minor_faults,       &Counters::major_faults,
      &Counters::waits};
  Counters difference;
  for (const auto member : kAll) {
    difference.*member = later.*member > earlier.*member ? later.*member - earlier.*member : 0;
  }
  return difference;
}

NoteParams params_of(const Who& who) {
  return {{"role", std::string(name_of(who.role))},
          {"index", static_cast<std::int64_t>(who.index)},
          {"pid", static_cast<std::int64_t>(who.pid)}};
}

std::string hello_frame(std::uint64_t elapsed_ns, int pid, const Settings& settings,
                        const std::vector<OptionRow>& options, const std::vector<Who>& processes,
                        const std::vector<ObjectInfo>& objects) {
  JsonWriter json;
  begin(json, "hello", elapsed_ns);
  json.member("protocol", kProtocol).member("helper", IPC_SCOPE_VERSION).member("pid", pid);
  put_settings(json, settings, options);
  json.key("processes").begin_array();
  for (const Who& who : processes) {
    json.begin_object();
    put_who(json, who);
    json.end_object();
  }
  json.end_array();
  json.key("objects").begin_array();
  for (const ObjectInfo& object : objects) {
    json.begin_object().member("kind", object.kind).member("name", object.name).member("mode", object.mode);
    put_optional(json, "capacity_bytes", object.capacity_bytes);
    if (object.slots) json.member("slots", *object.slots);
    json.end_object();
  }
  json.end_array();
  return json.end_object().take();
}

std::string utterance_frame(const UtteranceFrame& utterance) {
  JsonWriter json;
  begin(json, "utterance", utterance.elapsed_ns);
  json.key("from").begin_object();
  put_who(json, utterance.from);
  json.end_object();
  json.key("to").begin_object();
  put_who(json, utterance.to);
  json.end_object();
  json.member("text", utterance.text)
      .member("sequence", utterance.sequence)
      .member("bytes", utterance.bytes)
      .member("sent_ns", utterance.sent_ns);
  return json.end_object().take();
}

std::string tick_frame(const TickFrame& tick) {
  static constexpr const char* kPhases[] = {"warmup", "measure", "drain"};
  JsonWriter json;
  begin(json, "tick", tick.elapsed_ns);
  json.member("interval_ns", tick.interval_ns).member("phase", kPhases[static_cast<std::size_t>(tick.phase)]);
  json.key("processes").begin_array();
  for (const ProcessTick& process : tick.processes) {
    json.begin_object();
    put_who(json, process.who);
    put_counters(json, process.counters);
    put_text_unless_empty(json, "waiting_in", process.waiting_in);
    put_text_unless_empty(json, "waiting_call", process.waiting_call);
    json.end_object();
  }
  json.end_array();
  json.key("queue").begin_object();
  put_optional(json, "used_bytes", tick.queue.used_bytes);
  put_optional(json, "used_messages", tick.queue.used_messages);
  put_optional(json, "capacity_bytes", tick.queue.capacity_bytes);
  put_optional(json, "capacity_messages", tick.queue.capacity_messages);
  if (!tick.queue.gauges.empty()) {
    json.key("gauges").begin_object();
    for (const auto& [name, value] : tick.queue.gauges) json.member(name, value);
    json.end_object();
  }
  json.end_object();
  json.key("latency").begin_object().member("kind", kind_of(tick.round_trip)).key("buckets").begin_array();
  for (const Bucket& bucket : tick.latency) json.value(bucket.index).value(bucket.count);
  json.end_array().end_object();
  json.key("integrity").begin_object();
  put_integrity(json, tick.integrity);
  json.end_object();
  return json.end_object().take();
}

std::string call_frame(std::uint64_t elapsed_ns, const Who& who, const CallRecord& record) {
  JsonWriter json;
  begin(json, "call", elapsed_ns);
  put_who(json, who);
  json.member("name", name_of(record.name))
      .member("args", describe_arguments(record))
      .member("result", record.result);
  if (record.error != 0) json.member("errno", errno_name(record.error));
  json.member("duration_ns", record.duration_ns);
  return json.end_object().take();
}

std::string note_frame(std::uint64_t elapsed_ns, const std::string& code, const NoteParams& params) {
  JsonWriter json;
  begin(json, "note", elapsed_ns);
  json.member("code", code).key("params").begin_object();
  for (const auto& [name, value] : params) {
    json.key(name);
    std::visit([&](const auto& content) { json.value(content); }, value);
  }
  json.end_object();
  return json.end_object().take();
}

std::string error_frame(std::uint64_t elapsed_ns, bool fatal, const Failure& failure) {
  JsonWriter json;
  begin(json, "error", elapsed_ns);
  json.member("fatal", fatal)
      .member("code", name_of(failure.code))
      .member("message", failure.message)
      .member("remedy", failure.remedy);
  put_text_unless_empty(json, "where", failure.where);
  put_text_unless_empty(json, "value", failure.value);
  put_text_unless_empty(json, "allowed", failure.allowed);
  put_text_unless_empty(json, "errno", failure.errno_name);
  return json.end_object().take();
}

std::string summary_frame(const SummaryFrame& summary, const Settings& settings,
                          const std::vector<OptionRow>& options) {
  JsonWriter json;
  begin(json, "summary", summary.elapsed_ns);
  put_settings(json, settings, options);
  json.member("duration_ns", summary.duration_ns)
      .member("messages", summary.messages)
      .member("bytes", summary.bytes)
      .member("messages_per_s", per_second(summary.messages, summary.duration_ns))
      .member("bytes_per_s", per_second(summary.bytes, summary.duration_ns));
  put_latency(json, summary);
  json.key("integrity").begin_object().member("verified", name_of(summary.least_verify));
  if (summary.most_verify != summary.least_verify) json.member("verified_at_times", name_of(summary.most_verify));
  put_integrity(json, summary.integrity);
  json.end_object();
  json.key("processes").begin_array();
  for (const ProcessSummary& process : summary.processes) {
    json.begin_object();
    put_who(json, process.who);
    put_counters(json, process.counters);
    json.member("exit", process.exit).key("cpus").begin_array();
    for (const unsigned cpu : process.cpus) json.value(cpu);
    json.end_array();
    if (process.migrations) json.member("migrations", *process.migrations);
    json.end_object();
  }
  json.end_array();
  json.key("machine").begin_object().key("cache_line_round_trip_ns");
  if (summary.machine.cache_line_round_trip_ns) {
    json.value(*summary.machine.cache_line_round_trip_ns);
  } else {
    json.null();
  }
  json.member("memcpy_bytes_per_s", summary.machine.memcpy_bytes_per_s)
      .member("syscall_ns", summary.machine.syscall_ns)
      .member("clock_ns", summary.machine.clock_ns);
  if (summary.machine.wake_other_cpu_ns) json.member("wake_other_cpu_ns", *summary.machine.wake_other_cpu_ns);
  if (summary.machine.wake_same_cpu_ns) json.member("wake_same_cpu_ns", *summary.machine.wake_same_cpu_ns);
  json.end_object();
  if (summary.share_of_limit) {
    json.key("share_of_limit")
        .begin_object()
        .member("limit", summary.share_of_limit->limit)
        .member("share", summary.share_of_limit->share)
        .end_object();
  }
  json.key("warnings").begin_array();
  for (const Warning& warning : summary.warnings) {
    json.begin_object()
        .member("code", warning.code)
        .member("cause", warning.cause)
        .member("effect", warning.effect)
        .member("remedy", warning.remedy)
        .end_object();
  }
  json.end_array();
  json.member("ended_by", summary.ended_by);
  return json.end_object().take();
}

}  // namespace ipc
