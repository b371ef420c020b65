#include "rpc/dissect.hpp"

#include "check.hpp"
#include "hex.hpp"

using namespace ipc::rpc;

namespace {

constexpr const char* kEcho =
    "00001234 00000000 00000002 20495043 00000001 00000001 00000000 00000000 00000000 00000000 00000005 68656c6c 6f000000";

/// `offset+length name=value` of each field, and the fault.
std::string shown(const Dissection& dissection) {
  std::string text;
  for (const Field& field : dissection.fields) {
    text += std::to_string(field.offset) + "+" + std::to_string(field.length) + " " + field.name + "=" + field.value + "\n";
  }
  return text + dissection.fault;
}

std::string call(std::string_view hex, Framing framing = Framing::datagram) {
  const Bytes bytes = from_hex(hex);
  return shown(dissect_call({bytes, bytes.size(), framing}));
}

std::string reply(std::string_view hex, ProcedureNumber procedure) {
  const Bytes bytes = from_hex(hex);
  return shown(dissect_reply({bytes, bytes.size(), Framing::datagram}, procedure));
}

std::string fault_of(const Bytes& bytes) { return dissect_call({bytes, bytes.size(), Framing::datagram}).fault; }

}  // namespace

CASE("every byte of a call over a stream has its field") {
  EQUAL(call(std::string("80000034") + kEcho, Framing::stream),
        "0+4 record_mark=last fragment, 52 bytes\n4+4 xid=0x00001234\n8+4 message_type=0 (CALL)\n12+4 rpc_version=2\n"
        "16+4 program=0x20495043 (IPC Scope)\n20+4 version=1\n24+4 procedure=1 (ECHO)\n"
        "28+4 credential_flavor=0 (AUTH_NONE)\n32+4 credential_length=0\n36+4 verifier_flavor=0 (AUTH_NONE)\n"
        "40+4 verifier_length=0\n44+4 content_length=5\n48+5 content=\"hello\"\n53+3 padding=3 bytes\n");
}

CASE("arguments and results of the other procedures") {
  const std::string header = "00001234 00000000 00000002 20495043 00000001 0000000";
  const std::string none = " 00000000 00000000 00000000 00000000 ";
  HOLDS(call(header + "2" + none + "00000002 00000000 00000001 ffffffff fffffffe").ends_with(
      "40+4 count=2\n44+8 number=1\n52+8 number=-2\n"));
  HOLDS(call(header + "3" + none + "00000001 6e000000 00000000 00000002 01020000").ends_with(
      "40+4 name_length=1\n44+1 name=\"n\"\n45+3 padding=3 bytes\n48+4 owner_length=0\n52+4 content_length=2\n"
      "56+2 content=0102\n58+2 padding=2 bytes\n"));
  const std::string success = "00001234 00000001 00000000 00000000 00000000 00000000 ";
  EQUAL(reply(success + "00000000 00000007", ProcedureNumber::sum),
        "0+4 xid=0x00001234\n4+4 message_type=1 (REPLY)\n8+4 reply_status=0 (MSG_ACCEPTED)\n"
        "12+4 verifier_flavor=0 (AUTH_NONE)\n16+4 verifier_length=0\n20+4 accept_status=0 (SUCCESS)\n24+8 sum=7\n");
  HOLDS(reply(success + "00000001 78000000 00000001 00000001 00000001 79000000", ProcedureNumber::describe)
            .ends_with("32+4 bytes=1\n36+4 is_text=1 (TRUE)\n40+4 content_length=1\n44+1 content=\"y\"\n45+3 padding=3 bytes\n"));
}

CASE("replies without results") {
  HOLDS(reply("00000001 00000001 00000000 00000000 00000000 00000002 00000001 00000003", ProcedureNumber::echo)
            .ends_with("20+4 accept_status=2 (PROG_MISMATCH)\n24+4 lowest_version=1\n28+4 highest_version=3\n"));
  HOLDS(reply("00000001 00000001 00000001 00000000 00000002 00000002", ProcedureNumber::echo)
            .ends_with("12+4 reject_status=0 (RPC_MISMATCH)\n16+4 lowest_version=2\n20+4 highest_version=2\n"));
  HOLDS(reply("00000001 00000001 00000001 00000001 00000002", ProcedureNumber::echo).ends_with("16+4 auth_status=2\n"));
}

CASE("a call that ends anywhere is cut short, and all before it is told") {
  const Bytes whole = from_hex(kEcho);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const Dissection dissection = dissect_call({cut, cut.size(), Framing::datagram});
    EQUAL(dissection.fault, "cut_short");
    std::size_t told = 0;
    for (const Field& field : dissection.fields) {
      EQUAL(field.offset, told);
      told += field.length;
    }
    HOLDS(told <= size);
  }
  EQUAL(fault_of(whole), "");
}

CASE("what is wrong is named") {
  const auto changed = [](std::size_t word, std::string_view value) {
    Bytes bytes = from_hex(kEcho);
    const Bytes other = from_hex(value);
    std::copy(other.begin(), other.end(), bytes.begin() + static_cast<std::ptrdiff_t>(4 * word));
    return fault_of(bytes);
  };
  EQUAL(changed(1, "00000001"), "unknown_value");  // a reply
  EQUAL(changed(1, "00000007"), "unknown_value");
  EQUAL(changed(2, "00000003"), "unknown_value");
  EQUAL(changed(3, "20495044"), "unknown_value");  // whose arguments nobody knows
  EQUAL(changed(5, "00000004"), "unknown_value");
  EQUAL(changed(7, "00000191"), "too_long");
  EQUAL(changed(7, "ffffffff"), "too_long");
  EQUAL(changed(10, "7fffffff"), "too_long");
  EQUAL(changed(10, "00000100"), "cut_short");
  EQUAL(changed(10, "00000001"), "bad_padding");
  EQUAL(changed(12, "6f000001"), "bad_padding");
  EQUAL(changed(10, "00000000"), "left_over");
}

CASE("of a long message the beginning is enough, and nothing outside of it is read") {
  Bytes long_call = from_hex("00001234 00000000 00000002 20495043 00000001 00000001 00000000 00000000 00000000 00000000 00010000");
  const std::size_t total = long_call.size() + 65'536;
  long_call.resize(100, std::byte{'x'});
  const Dissection dissection = dissect_call({long_call, total, Framing::datagram});
  EQUAL(dissection.fault, "");
  EQUAL(dissection.fields.back().name, "content");
  EQUAL(dissection.fields.back().length, 65'536U);
  HOLDS(dissection.fields.back().value.ends_with(" …"));
  const Dissection header = dissect_call({BytesView(long_call).first(10), total, Framing::datagram});
  EQUAL(header.fault, "");
  EQUAL(header.fields.size(), 2U);
}

CASE("a count out of the air takes no memory") {
  std::string sum = "00001234 00000000 00000002 20495043 00000001 00000002 00000000 00000000 00000000 00000000 ";
  EQUAL(fault_of(from_hex(sum + "00100000 00000000 00000001")), "cut_short");
  EQUAL(fault_of(from_hex(sum + "ffffffff")), "too_long");
}
