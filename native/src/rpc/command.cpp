#include "rpc/command.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "options/parse.hpp"
#include "protocol/failure.hpp"
#include "protocol/json.hpp"
#include "rpc/client.hpp"
#include "rpc/serve.hpp"
#include "session/frame_output.hpp"

namespace ipc::rpc {

namespace {

constexpr int kPatienceMs = 2000;

using Flags = std::map<std::string, std::string>;

Failure refusal(ErrorCode code, std::string message, std::string where, std::string value, std::string allowed) {
  Failure failure{code, std::move(message), "Use one of: " + allowed + "."};
  failure.where = std::move(where);
  failure.value = std::move(value);
  failure.allowed = std::move(allowed);
  return failure;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// Takes `--flag value …`; every flag there is has its default in `flags`.
Flags take_flags(Flags flags, const std::vector<std::string>& words) {
  std::vector<std::string> known;
  for (const auto& [flag, value] : flags) known.push_back(flag);
  for (std::size_t i = 1; i < words.size(); i += 2) {
    const auto flag = flags.find(words[i]);
    if (flag == flags.end()) {
      throw refusal(ErrorCode::unknown_flag, "rpc " + words[0] + " has no flag of this name", words[i],
                    i + 1 < words.size() ? words[i + 1] : "", joined(known));
    }
    if (i + 1 >= words.size()) {
      throw Failure{ErrorCode::missing_value, words[i] + " needs a value", "Write one behind the flag.", words[i], "",
                    joined(known)};
    }
    flag->second = words[i + 1];
  }
  return flags;
}

std::uint64_t number_of(const Flags& flags, const std::string& flag, std::uint64_t min, std::uint64_t max) {
  OptionRow row{flag, flag, OptionKind::integer};
  row.min = min;
  row.max = max;
  return parse_number(row, flags.at(flag), flag);
}

Framing framing_of(const Flags& flags) {
  const std::string& kind = flags.at("--kind");
  if (kind != "tcp" && kind != "udp") {
    throw refusal(ErrorCode::not_a_choice, "--kind does not take this word", "--kind", kind, "tcp, udp");
  }
  return kind == "tcp" ? Framing::stream : Framing::datagram;
}

std::vector<std::int64_t> numbers_of(const Flags& flags) {
  std::vector<std::int64_t> numbers;
  std::string_view left = flags.at("--numbers");
  while (!left.empty()) {
    const std::size_t length = std::min(left.find(','), left.size());
    std::int64_t number = 0;
    const auto parsed = std::from_chars(left.data(), left.data() + length, number);
    if (parsed.ec != std::errc{} || parsed.ptr != left.data() + length) {
      const bool outside = parsed.ec == std::errc::result_out_of_range;
      Failure failure{outside ? ErrorCode::out_of_range : ErrorCode::not_a_number,
                      "--numbers takes whole numbers of 64 bits", "Write them like 1,2,-3."};
      failure.where = "--numbers";
      failure.value = left.substr(0, length);
      failure.allowed = "-9223372036854775808..9223372036854775807";
      throw failure;
    }
    numbers.push_back(number);
    left.remove_prefix(std::min(length + 1, left.size()));
  }
  return numbers;
}

/// A name of DESCRIBE, which the interface allows so many bytes and no more.
std::string label_of(const Flags& flags, const std::string& flag) {
  const std::string& label = flags.at(flag);
  if (label.size() <= kMaxLabelBytes) return label;
  Failure failure{ErrorCode::out_of_range, flag + " is too long", "Use a shorter text."};
  failure.where = flag;
  failure.value = std::to_string(label.size()) + " bytes";
  failure.allowed = "0.." + std::to_string(kMaxLabelBytes) + " bytes";
  throw failure;
}

std::string_view text_of(BytesView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

void call_procedure(Client& client, const Flags& flags, JsonWriter& json) {
  const std::string& procedure = flags.at("--procedure");
  const BytesView content = std::as_bytes(std::span(flags.at("--text")));
  if (procedure == "null") {
    null(client);
  } else if (procedure == "echo") {
    json.member("content", text_of(echo(client, content)));
  } else if (procedure == "sum") {
    // As text, because a number in JSON is exact to 53 bits only.
    json.member("sum", std::to_string(sum(client, numbers_of(flags))));
  } else {
    const Description answer =
        describe(client, {label_of(flags, "--name"), label_of(flags, "--owner"), content});
    json.member("summary", answer.summary)
        .member("bytes", answer.bytes)
        .member("text", answer.text)
        .member("content", text_of(answer.content));
  }
}

int serve_command(const std::vector<std::string>& words) {
  const Flags flags = take_flags({{"--port", "0"}, {"--kind", "tcp"}}, words);
  const Framing framing = framing_of(flags);
  const auto wanted = static_cast<unsigned>(number_of(flags, "--port", 0, 65'535));
  serve(scope_program(), framing, wanted, STDIN_FILENO, [&](unsigned port) {
    JsonWriter json;
    json.begin_object()
        .member("t", "rpc_serving")
        .member("kind", flags.at("--kind"))
        .member("address", "127.0.0.1")
        .member("port", port)
        .member("program", kProgram)
        .member("version", kVersion)
        .end_object();
    print_line(json.take());
  });
  return kExitDone;
}

int call_command(const std::vector<std::string>& words) {
  const Flags flags = take_flags({{"--port", ""},
                                  {"--kind", "tcp"},
                                  {"--procedure", "null"},
                                  {"--program", std::to_string(kProgram)},
                                  {"--version", std::to_string(kVersion)},
                                  {"--text", ""},
                                  {"--numbers", ""},
                                  {"--name", "text"},
                                  {"--owner", "ipc-helper"}},
                                 words);
  const Framing framing = framing_of(flags);
  const std::string& procedure = flags.at("--procedure");
  const std::vector<std::string> known = {"null", "echo", "sum", "describe"};
  if (std::find(known.begin(), known.end(), procedure) == known.end()) {
    throw refusal(ErrorCode::not_a_choice, "there is no procedure of this name", "--procedure", procedure,
                  joined(known));
  }
  if (flags.at("--port").empty()) {
    throw Failure{ErrorCode::missing_value, "rpc call needs the port of a server", "Name it with --port.", "--port", "",
                  "1..65535"};
  }
  const auto port = static_cast<unsigned>(number_of(flags, "--port", 1, 65'535));
  const auto program = static_cast<std::uint32_t>(number_of(flags, "--program", 0, 0xffff'ffff));
  const auto version = static_cast<std::uint32_t>(number_of(flags, "--version", 0, 0xffff'ffff));
  numbers_of(flags);
  label_of(flags, "--name");
  label_of(flags, "--owner");

  Transport transport(connect_loopback(port, framing, kPatienceMs), framing, kMaxRecordBytes);
  Client client(transport, static_cast<std::uint32_t>(getpid()), program, version);
  JsonWriter json;
  json.begin_object().member("t", "rpc_reply").member("procedure", procedure);
  int exit_code = kExitDone;
  try {
    json.key("results").begin_object();
    call_procedure(client, flags, json);
    json.end_object().member("status", "SUCCESS");
  } catch (const CallRefused& refused) {
    const ReplyHeader& reply = refused.reply;
    const std::string_view status = name_of(reply);
    json.end_object().member("status", status);
    if (status == "PROG_MISMATCH" || status == "RPC_MISMATCH") json.member("low", reply.low).member("high", reply.high);
    if (status == "AUTH_ERROR") json.member("auth_stat", static_cast<std::uint32_t>(reply.auth));
    exit_code = kExitFailed;
  }
  print_line(json.end_object().take());
  return exit_code;
}

}  // namespace

int run_command(const std::vector<std::string>& words) {
  const std::string command = words.empty() ? "" : words.front();
  try {
    if (command == "serve") return serve_command(words);
    if (command == "call") return call_command(words);
  } catch (const XdrFailure& failure) {
    throw Failure{ErrorCode::peer_failed, "the reply cannot be decoded: " + std::string(name_of(failure.error)),
                  "See whether the server has the same interface.", "", "", "", "", kExitSystem};
  } catch (const MessageFailure&) {
    throw Failure{ErrorCode::peer_failed, "what came back is no reply", "See whether the server speaks ONC RPC.", "", "",
                  "", "", kExitSystem};
  }
  throw refusal(ErrorCode::unknown_command, "there is no rpc command of this name", "command", command, "serve, call");
}

}  // namespace ipc::rpc
