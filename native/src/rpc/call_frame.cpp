#include "rpc/call_frame.hpp"

#include "protocol/json.hpp"
#include "rpc/dissect.hpp"

namespace ipc::rpc {

namespace {

std::string hexadecimal(std::span<const std::byte> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<unsigned>(byte) >> 4];
    text += kDigits[std::to_integer<unsigned>(byte) & 15];
  }
  return text;
}

void put_side(JsonWriter& json, const char* name, const CallSample::Side& side, const Dissection& dissection) {
  json.key(name).begin_object().member("total_bytes", side.total).member("hex", hexadecimal(side.kept()));
  json.key("fields").begin_array();
  for (const Field& field : dissection.fields) {
    json.begin_object()
        .member("offset", field.offset)
        .member("length", field.length)
        .member("name", field.name)
        .member("value", field.value)
        .end_object();
  }
  json.end_array();
  if (!dissection.fault.empty()) json.member("fault", dissection.fault);
  json.end_object();
}

}  // namespace

std::string call_frame(std::uint64_t elapsed_ns, const Settings& settings, const CallSample& sample) {
  const Framing framing = framing_of(settings);
  JsonWriter json;
  json.begin_object().member("t", "rpc_call").member("elapsed_ns", elapsed_ns);
  json.member("kind", settings.kind.view()).member("procedure", settings.procedure.view());
  put_side(json, "call", sample.call, dissect_call({sample.call.kept(), sample.call.total, framing}));
  put_side(json, "reply", sample.reply,
           dissect_reply({sample.reply.kept(), sample.reply.total, framing}, procedure_of(settings)));
  return json.end_object().take();
}

Framing framing_of(const Settings& settings) {
  return settings.kind.view() == "udp" ? Framing::datagram : Framing::stream;
}

ProcedureNumber procedure_of(const Settings& settings) {
  if (settings.procedure.view() == "sum") return ProcedureNumber::sum;
  return settings.procedure.view() == "describe" ? ProcedureNumber::describe : ProcedureNumber::echo;
}

}  // namespace ipc::rpc
