#include "rpc/xdr.hpp"

#include <functional>
#include <limits>

#include "check.hpp"
#include "hex.hpp"

using namespace ipc::rpc;

namespace {

std::string encoded(const std::function<void(XdrEncoder&)>& put) {
  XdrEncoder out;
  put(out);
  return to_hex(out.bytes());
}

/// What the decoder says of these bytes: the error's name and place, or `fine`.
std::string refusal(std::string_view hex, const std::function<void(XdrDecoder&)>& take) {
  const Bytes bytes = from_hex(hex);
  XdrDecoder in(bytes);
  try {
    take(in);
  } catch (const XdrFailure& failure) {
    return std::string(name_of(failure.error)) + " at " + std::to_string(failure.at);
  }
  return "fine";
}

}  // namespace

CASE("numbers are big-endian, and negative ones in two's complement (RFC 4506, 4.1 to 4.5)") {
  EQUAL(encoded([](XdrEncoder& out) { out.put_int(1); }), "00000001");
  EQUAL(encoded([](XdrEncoder& out) { out.put_int(-2); }), "fffffffe");
  EQUAL(encoded([](XdrEncoder& out) { out.put_int(std::numeric_limits<std::int32_t>::min()); }), "80000000");
  EQUAL(encoded([](XdrEncoder& out) { out.put_unsigned(0xdeadbeef); }), "deadbeef");
  EQUAL(encoded([](XdrEncoder& out) { out.put_hyper(-1); }), "ffffffff ffffffff");
  EQUAL(encoded([](XdrEncoder& out) { out.put_unsigned_hyper(0x0102030405060708); }), "01020304 05060708");
  EQUAL(encoded([](XdrEncoder& out) { out.put_bool(true); }), "00000001");
  EQUAL(encoded([](XdrEncoder& out) { out.put_bool(false); }), "00000000");
}

CASE("opaque data and strings are filled with zeros to a multiple of four (4.9 to 4.11)") {
  const Bytes five = from_hex("0102030405");
  EQUAL(encoded([&](XdrEncoder& out) { out.put_opaque_fixed(five); }), "01020304 05000000");
  EQUAL(encoded([&](XdrEncoder& out) { out.put_opaque(five); }), "00000005 01020304 05000000");
  EQUAL(encoded([&](XdrEncoder& out) { out.put_opaque(BytesView(five).first(4)); }), "00000004 01020304");
  EQUAL(encoded([](XdrEncoder& out) { out.put_opaque({}); }), "00000000");
  EQUAL(encoded([](XdrEncoder& out) { out.put_string("sillyprog"); }), "00000009 73696c6c 7970726f 67000000");
}

CASE("the example of RFC 4506, section 7, comes out byte for byte") {
  // A file "sillyprog" of type EXEC (2) with interpreter "lisp", owner "john", and the data "(quit)".
  EQUAL(encoded([](XdrEncoder& out) {
          out.put_string("sillyprog");
          out.put_int(2);
          out.put_string("lisp");
          out.put_string("john");
          out.put_string("(quit)");
        }),
        "00000009 73696c6c 7970726f 67000000 00000002 00000004 6c697370 00000004 6a6f686e 00000006 28717569 74290000");
}

CASE("an array is its count and its elements (4.13)") {
  const std::vector<std::int64_t> numbers = {1, -1};
  EQUAL(encoded([&](XdrEncoder& out) {
          out.put_array(numbers, [](XdrEncoder& to, std::int64_t number) { to.put_hyper(number); });
        }),
        "00000002 00000000 00000001 ffffffff ffffffff");
}

CASE("what was put comes back") {
  XdrEncoder out;
  out.put_int(-7);
  out.put_unsigned(7);
  out.put_hyper(std::numeric_limits<std::int64_t>::min());
  out.put_bool(true);
  out.put_string("안녕");
  out.put_opaque_fixed(from_hex("aabbcc"));
  XdrDecoder in(out.bytes());
  EQUAL(in.get_int(), -7);
  EQUAL(in.get_unsigned(), 7U);
  EQUAL(in.get_hyper(), std::numeric_limits<std::int64_t>::min());
  EQUAL(in.get_bool(), true);
  EQUAL(in.get_string(100), "안녕");
  EQUAL(to_hex(in.get_opaque_fixed(3)), "aabbcc");
  EQUAL(in.left(), 0U);
  in.expect_end();
}

CASE("a value that is cut short is refused, wherever the cut is") {
  EQUAL(refusal("", [](XdrDecoder& in) { in.get_int(); }), "cut_short at 0");
  EQUAL(refusal("000000", [](XdrDecoder& in) { in.get_int(); }), "cut_short at 0");
  EQUAL(refusal("00000000 000000", [](XdrDecoder& in) { in.get_hyper(); }), "cut_short at 0");
  EQUAL(refusal("00000005 01020304", [](XdrDecoder& in) { in.get_opaque(100); }), "cut_short at 4");
  EQUAL(refusal("00000005 01020304 05", [](XdrDecoder& in) { in.get_opaque(100); }), "cut_short at 4");  // filling
  EQUAL(refusal("00000005 01020304 05000000", [](XdrDecoder& in) { in.get_opaque(100); }), "fine");
  EQUAL(refusal("ffffffff 01020304", [](XdrDecoder& in) { in.get_opaque(0xffffffff); }), "cut_short at 4");
}

CASE("lengths and counts above the limit are refused before anything is taken") {
  EQUAL(refusal("00000005 01020304 05000000", [](XdrDecoder& in) { in.get_opaque(4); }), "too_long at 0");
  EQUAL(refusal("00000005 01020304 05000000", [](XdrDecoder& in) { in.get_string(5); }), "fine");
  EQUAL(refusal("00000003", [](XdrDecoder& in) { in.get_count(2, 8); }), "too_long at 0");
  // A count that the rest of the message cannot hold must not become an allocation.
  EQUAL(refusal("00100000 00000000 00000000", [](XdrDecoder& in) { in.get_count(0x200000, 8); }), "cut_short at 0");
  EQUAL(refusal("00000001 00000000 00000000", [](XdrDecoder& in) { in.get_count(2, 8); }), "fine");
}

CASE("booleans, filling and ends are checked") {
  EQUAL(refusal("00000002", [](XdrDecoder& in) { in.get_bool(); }), "not_a_boolean at 0");
  EQUAL(refusal("00000001 41000001", [](XdrDecoder& in) { in.get_string(9); }), "bad_padding at 5");
  EQUAL(refusal("00000001 00000000", [](XdrDecoder& in) {
          in.get_int();
          in.expect_end();
        }),
        "left_over at 4");
}
