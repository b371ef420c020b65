#include "options/parse.hpp"

#include "check.hpp"
#include "protocol/failure.hpp"
#include "session/commands.hpp"

using namespace ipc;

namespace {

Settings parse(const std::string& mechanism, const std::vector<std::string>& words) {
  const MechanismRow& row = mechanism_row(mechanism);
  return parse_settings(row, row.options(), words);
}

/// `code where value allowed` of the refusal, or `accepted`.
template <class Body>
std::string refusal(Body&& body) {
  try {
    body();
  } catch (const Failure& failure) {
    return std::string(name_of(failure.code)) + "|" + failure.where + "|" + failure.value + "|" + failure.allowed;
  }
  return "accepted";
}

std::string refused(const std::vector<std::string>& words) {
  return refusal([&] { parse("pipe", words); });
}

}  // namespace

CASE("without flags every option has its default") {
  const Settings settings = parse("pipe", {});
  EQUAL(settings.size_bytes, 64U);
  EQUAL(settings.duration_ms, 5000U);
  EQUAL(settings.warmup_ms, 200U);
  EQUAL(settings.rate_per_s, 0U);
  EQUAL(settings.verify.view(), "sequence");
  EQUAL(settings.pattern.view(), "stream");
  EQUAL(settings.variant.view(), "plain");
  EQUAL(settings.placement.view(), "free");
  HOLDS(settings.blocking);
  EQUAL(parse("shm", {}).sync.view(), "futex");
}

CASE("flags take their values, and of a repeated one the last counts") {
  const Settings settings =
      parse("pipe", {"--size", "1", "--rate", "1000", "--blocking", "false", "--pattern", "pingpong", "--size", "16777216"});
  EQUAL(settings.size_bytes, 16'777'216U);
  EQUAL(settings.rate_per_s, 1000U);
  HOLDS(!settings.blocking);
  HOLDS(settings.pingpong());
}

CASE("values outside a range are refused with the range") {
  EQUAL(refused({"--size", "0"}), "out_of_range|--size|0|1..16777216");
  EQUAL(refused({"--size", "16777217"}), "out_of_range|--size|16777217|1..16777216");
  EQUAL(refused({"--rate", "-1"}), "out_of_range|--rate|-1|0..1000000000");
  EQUAL(refused({"--size", "99999999999999999999999"}), "out_of_range|--size|99999999999999999999999|1..16777216");
  EQUAL(refused({"--rate", "-0"}), "accepted");
}

CASE("what is not a number is told apart from a wrong number") {
  for (const char* value : {"", "abc", "1e3", "0x10", "1.5", " 1", "64 ", "-", "+1"}) {
    EQUAL(refused({"--size", value}), std::string("not_a_number|--size|") + value + "|1..16777216");
  }
}

CASE("wrong words are refused with the right ones") {
  EQUAL(refused({"--verify", "some"}), "not_a_choice|--verify|some|none, sequence, full");
  EQUAL(refused({"--blocking", "yes"}), "not_a_choice|--blocking|yes|true, false");
  EQUAL(refused({"--pattern", "fan"}), "not_a_choice|--pattern|fan|stream, pingpong, fan_in, fan_out, many_to_many, broadcast, dialogue");
  EQUAL(refusal([] { parse("mq", {"--variant", "tuned"}); }), "not_a_choice|--variant|tuned|plain");
  EQUAL(refusal([] { parse("tcp", {"--variant", "fast"}); }),
        "not_a_choice|--variant|fast|plain, tuned, zerocopy, uring");
}

CASE("every flag takes exactly one value") {
  EQUAL(refused({"--size"}), "missing_value|--size||1..16777216");
  EQUAL(refused({"--size", "--rate", "1"}), "missing_value|--size||1..16777216");
  HOLDS(refused({"--sise", "1"}).starts_with("unknown_flag|--sise|1|--variant, --pattern, --size"));
  HOLDS(refused({"64"}).starts_with("unknown_flag|64|"));
  HOLDS(refused({"--sync", "futex"}).starts_with("unknown_flag|--sync|"));
}

CASE("an unknown mechanism is answered with the known ones") {
  HOLDS(refusal([] { parse("pip", {}); }).starts_with("unknown_mechanism|mechanism|pip|pipe, "));
}

CASE("placement takes a word or CPUs that exist") {
  EQUAL(refused({"--placement", "same"}), "accepted");
  EQUAL(refused({"--placement", "0,0"}), "accepted");
  HOLDS(refused({"--placement", "0,99999"}).starts_with("out_of_range|--placement|0,99999|"));
  for (const char* value : {"0,", ",", "near", "0,-1", "0 1"}) {
    HOLDS(refused({"--placement", value}).starts_with("not_a_choice|--placement|"));
  }
  EQUAL(cpu_list("3,1,2").size(), 3U);
}

CASE("shared memory refuses what cannot work") {
  EQUAL(refusal([] { parse("shm", {"--size", "100", "--capacity", "127"}); }),
        "out_of_range|--capacity|127|128..1073741824");
  EQUAL(refusal([] { parse("shm", {"--sync", "none", "--pattern", "pingpong"}); }),
        "not_supported|--pattern|pingpong|stream");
  for (const std::string sync : {"mutex", "semaphore", "eventfd", "none"}) {
    EQUAL(refusal([&] { parse("shm", {"--variant", "tuned", "--sync", sync}); }),
          "not_supported|--sync|" + sync + "|futex, adaptive, spin");
  }
  HOLDS(parse("shm", {"--variant", "tuned"}).tuned());
  EQUAL(parse("shm", {"--size", "16777216"}).capacity_bytes, 4U * 16'777'216U);
}

CASE("several processes share memory by what is made for several, and a rendezvous needs more") {
  const auto refused_shm = [](std::vector<std::string> words) { return refusal([&] { parse("shm", words); }); };
  for (const std::string sync : {"mutex", "semaphore", "futex", "spin"}) {
    EQUAL(refused_shm({"--pattern", "many_to_many", "--sync", sync}), "accepted");
    EQUAL(parse("mmap", {"--pattern", "fan_in", "--sync", sync, "--producers", "64"}).processes(), 65U);
  }
  for (const std::string sync : {"adaptive", "eventfd", "none"}) {
    EQUAL(refused_shm({"--pattern", "fan_out", "--sync", sync}),
          "not_supported|--sync|" + sync + "|mutex, semaphore, futex, spin");
  }
  EQUAL(refused_shm({"--pattern", "fan_in", "--variant", "tuned"}), "not_supported|--variant|tuned|plain");
  // A slot without a lock has a number of 8 bytes too; its messages need two of them.
  EQUAL(refused_shm({"--pattern", "fan_in", "--size", "57", "--capacity", "255"}),
        "out_of_range|--capacity|255|256..1073741824");
  EQUAL(refused_shm({"--pattern", "fan_in", "--size", "56", "--capacity", "128"}), "accepted");
  EQUAL(refused_shm({"--pattern", "fan_in", "--sync", "mutex", "--capacity", "64"}), "accepted");
  for (const std::string sync : {"mutex", "semaphore"}) {
    EQUAL(refused_shm({"--buffering", "rendezvous", "--sync", sync}), "accepted");
    EQUAL(refused_shm({"--buffering", "rendezvous", "--sync", sync, "--pattern", "many_to_many"}), "accepted");
    EQUAL(refused_shm({"--buffering", "rendezvous", "--sync", sync, "--capacity", "1"}),
          "not_supported|--capacity|1|0");
  }
  for (const std::string sync : {"futex", "adaptive", "spin", "eventfd", "none"}) {
    EQUAL(refused_shm({"--buffering", "rendezvous", "--sync", sync}),
          "not_supported|--sync|" + sync + "|mutex, semaphore");
  }
  EQUAL(parse("shm", {"--buffering", "rendezvous", "--sync", "mutex"}).capacity_bytes, 0U);
}

CASE("a mapped file and a plain one refuse what cannot work") {
  for (const char* mechanism : {"mmap", "file"}) {
    EQUAL(refusal([&] { parse(mechanism, {"--size", "100", "--capacity", "127"}); }),
          "out_of_range|--capacity|127|128..1073741824");
    EQUAL(parse(mechanism, {"--size", "16777216"}).capacity_bytes, 4U * 16'777'216U);
  }
  EQUAL(refusal([] { parse("mmap", {"--sync", "none", "--pattern", "pingpong"}); }),
        "not_supported|--pattern|pingpong|stream");
  HOLDS(refusal([] { parse("file", {"--sync", "futex"}); }).starts_with("unknown_flag|--sync|"));
}

CASE("sockets that keep the borders of messages refuse what they do not take in one piece") {
  const auto too_large = [](const char* kind, const char* capacity) {
    return refusal([&] { parse("unix", {"--kind", kind, "--capacity", capacity, "--size", "16777216"}); });
  };
  for (const char* kind : {"datagram", "seqpacket"}) {
    // The kernel doubles the 100,000 that are asked for, and keeps 32 of them (net/unix/af_unix.c).
    EQUAL(too_large(kind, "100000"), "out_of_range|--size|16777216|1..199968");
    EQUAL(refusal([&] { parse("unix", {"--kind", kind, "--capacity", "100000", "--size", "199968"}); }), "accepted");
    HOLDS(refusal([&] { parse("unix", {"--kind", kind, "--capacity", "100000", "--size", "199969"}); }) != "accepted");
  }
  EQUAL(too_large("stream", "100000"), "accepted");
  EQUAL(parse("unix", {}).kind.view(), "stream");
  EQUAL(parse("unix", {}).address.view(), "abstract");
  EQUAL(refusal([] { parse("unix", {"--kind", "raw"}); }), "not_a_choice|--kind|raw|stream, datagram, seqpacket");
  EQUAL(refusal([] { parse("udp", {"--size", "65508"}); }), "out_of_range|--size|65508|1..65507");
}

CASE("a receiver waits in its call unless it is told otherwise, or has several connections") {
  EQUAL(parse("pipe", {}).receive.view(), "call");
  HOLDS(!parse("pipe", {}).polled());
  EQUAL(parse("mq", {"--receive", "epoll"}).receive.view(), "epoll");
  EQUAL(refusal([] { parse("mq", {"--receive", "poll", "--kind", "sysv"}); }), "not_supported|--receive|poll|call");
  for (const std::string mechanism : {"tcp", "unix"}) {
    EQUAL(parse(mechanism, {"--pattern", "fan_in"}).receive.view(), "poll");
    EQUAL(parse(mechanism, {"--pattern", "fan_in", "--receive", "epoll"}).receive.view(), "epoll");
    EQUAL(parse(mechanism, {"--pattern", "fan_in", "--producers", "1"}).receive.view(), "call");
    EQUAL(parse(mechanism, {"--pattern", "many_to_many", "--producers", "3"}).receive.view(), "poll");
    EQUAL(parse(mechanism, {"--pattern", "many_to_many"}).receive.view(), "call");
    EQUAL(parse(mechanism, {"--pattern", "fan_out"}).receive.view(), "call");
  }
  EQUAL(parse("udp", {"--pattern", "fan_in"}).receive.view(), "call");
}

CASE("a datagram socket that many send to has a name that only this user can reach") {
  const auto address = [](const std::vector<std::string>& words) { return parse("unix", words).address; };
  EQUAL(address({"--kind", "datagram", "--pattern", "fan_in"}).view(), "path");
  EQUAL(address({"--kind", "datagram", "--pattern", "fan_out"}).view(), "abstract");
  EQUAL(address({"--kind", "seqpacket", "--pattern", "fan_in"}).view(), "abstract");
}

CASE("commands are parsed, and bad ones answered with the good ones") {
  const std::vector<OptionRow> options = mechanism_row("pipe").options();
  const auto bad = [&](std::string_view line) { return refusal([&] { parse_command(line, options); }); };
  HOLDS(std::holds_alternative<PauseCommand>(parse_command("pause", options)));
  HOLDS(std::holds_alternative<StopCommand>(parse_command(" stop\r", options)));
  const auto set = std::get<SetCommand>(parse_command("set rate 1000", options));
  EQUAL(set.row->name, "rate_per_s");
  EQUAL(set.value, 1000U);
  EQUAL(std::get<SetCommand>(parse_command("set consumer_delay_us 5", options)).value, 5U);
  EQUAL(std::get<SetCommand>(parse_command("set consumer_delay 6", options)).value, 6U);
  EQUAL(std::get<SetCommand>(parse_command("set verify full", options)).word, "full");
  EQUAL(bad("set verify twice"), "bad_command|verify|twice|none, sequence, full");
  const auto kill = std::get<KillCommand>(parse_command("kill consumer 0", options));
  HOLDS(kill.role == Role::consumer);
  HOLDS(bad("dance").starts_with("bad_command|command|dance|"));
  HOLDS(bad("pause now").starts_with("bad_command|command|"));
  EQUAL(bad("set size_bytes 3"), "bad_command|set|size_bytes|rate_per_s, capacity_bytes, verify, consumer_delay_us");
  EQUAL(bad("set rate -1"), "bad_command|rate_per_s|-1|0..1000000000");
  EQUAL(bad("set rate"), "bad_command|set||rate_per_s, capacity_bytes, verify, consumer_delay_us");
  HOLDS(bad("kill supervisor 0").starts_with("bad_command|kill|supervisor|"));
  HOLDS(bad("kill producer x").starts_with("bad_command|index|x|"));
}

CASE("a remote call is over TCP and an echo, unless it is told otherwise, and over UDP one datagram") {
  EQUAL(parse("rpc", {}).kind.view(), "tcp");
  EQUAL(parse("rpc", {}).procedure.view(), "echo");
  HOLDS(parse("rpc", {}).pingpong());
  EQUAL(parse("rpc", {"--kind", "udp", "--size", "65160"}).size_bytes, 65'160U);
  EQUAL(refusal([] { parse("rpc", {"--kind", "udp", "--size", "65161"}); }), "out_of_range|--size|65161|1..65160");
  EQUAL(parse("rpc", {"--size", "65161"}).size_bytes, 65'161U);
}

CASE("a dialogue has its own defaults, and refuses what paces messages") {
  const Settings plain = parse("pipe", {"--pattern", "dialogue"});
  EQUAL(plain.duration_ms, 0U);
  EQUAL(plain.warmup_ms, 0U);
  EQUAL(plain.size_bytes, 1024U);
  EQUAL(parse("pipe", {"--duration", "5000", "--pattern", "dialogue"}).duration_ms, 5000U);
  EQUAL(parse("pipe", {}).duration_ms, 5000U);
  EQUAL(parse("pipe", {"--pattern", "pingpong"}).size_bytes, 64U);
  EQUAL(refused({"--pattern", "dialogue", "--rate", "1"}), "not_supported|--rate|1|0");
  EQUAL(refused({"--pattern", "dialogue", "--warmup", "1"}), "not_supported|--warmup|1|0");
  EQUAL(refused({"--pattern", "dialogue", "--size", "24"}), "out_of_range|--size|24|25..1024");
  EQUAL(refused({"--pattern", "dialogue", "--size", "25"}), "accepted");
  EQUAL(refusal([] { parse("mq", {"--pattern", "dialogue", "--kind", "sysv"}); }), "not_supported|--kind|sysv|posix");
  EQUAL(refusal([] { parse("udp", {"--pattern", "dialogue"}); }),
        "not_a_choice|--pattern|dialogue|stream, pingpong, fan_in, fan_out, many_to_many, broadcast");
}

CASE("what only a plain variant does is refused for the others, with what they do") {
  const auto tuned = [](std::initializer_list<std::string> more) {
    return refusal([&] {
      std::vector<std::string> flags{"--variant", "tuned"};
      flags.insert(flags.end(), more);
      parse("tcp", flags);
    });
  };
  EQUAL(tuned({}), "accepted");
  EQUAL(tuned({"--pattern", "pingpong"}), "accepted");
  EQUAL(tuned({"--receive", "call"}), "accepted");
  EQUAL(tuned({"--receive", "poll"}), "not_supported|--receive|poll|call");
  EQUAL(tuned({"--pattern", "dialogue"}), "not_supported|--pattern|dialogue|stream, pingpong");
  EQUAL(tuned({"--pattern", "fan_in"}), "not_supported|--pattern|fan_in|stream, pingpong");
  EQUAL(tuned({"--pattern", "broadcast", "--consumers", "1"}), "not_supported|--pattern|broadcast|stream, pingpong");
  const auto zerocopy = [](const std::string& pattern) {
    return refusal([&] { parse("tcp", {"--variant", "zerocopy", "--pattern", pattern}); });
  };
  EQUAL(zerocopy("stream"), "accepted");
  for (const char* pattern : {"pingpong", "dialogue", "fan_in"}) {
    EQUAL(zerocopy(pattern), std::string("not_supported|--pattern|") + pattern + "|stream");
  }
}

CASE("say takes everything behind the role and one blank") {
  const std::vector<OptionRow> options = mechanism_row("pipe").options();
  const auto text = [&](std::string_view line) { return std::get<SayCommand>(parse_command(line, options)).text; };
  EQUAL(text("say producer hello"), "hello");
  EQUAL(text("  say  consumer   two  blanks "), "  two  blanks ");
  EQUAL(text("say producer say producer\r"), "say producer");
  EQUAL(text("say producer"), "");
  HOLDS(std::get<SayCommand>(parse_command("say consumer a", options)).role == Role::consumer);
  EQUAL(refusal([&] { parse_command("say", options); }), "bad_command|say||producer TEXT, consumer TEXT");
  EQUAL(refusal([&] { parse_command("say mother hi", options); }), "bad_command|say|mother|producer TEXT, consumer TEXT");
}

CASE("what a signal carries is not chosen, and standard ones come from one sender") {
  EQUAL(parse("signal", {}).size_bytes, 8U);
  EQUAL(parse("signal", {"--kind", "standard"}).size_bytes, 1U);
  EQUAL(parse("signal", {"--kind", "standard"}).capacity_messages, 1U);
  HOLDS(parse("signal", {}).capacity_messages > 0);
  EQUAL(parse("signal", {"--pattern", "fan_in", "--producers", "9"}).size_bytes, 8U);
  EQUAL(refusal([] { parse("signal", {"--size", "7"}); }), "out_of_range|--size|7|8..8");
  EQUAL(refusal([] { parse("signal", {"--kind", "standard", "--size", "8"}); }), "out_of_range|--size|8|1..1");
  EQUAL(refusal([] { parse("signal", {"--kind", "standard", "--pattern", "fan_in"}); }),
        "not_supported|--kind|standard|realtime");
  HOLDS(refusal([] { parse("signal", {"--size", "9"}); }).starts_with("out_of_range|--size|9|0..8"));
}
