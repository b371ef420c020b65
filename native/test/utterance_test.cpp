/// Lines of a dialogue as the supervisor takes them, and as two peers pass them on.
#include "protocol/utterance.hpp"

#include <string>

#include "check.hpp"
#include "protocol/failure.hpp"
#include "protocol/utf8.hpp"

using namespace ipc;

namespace {

/// The value that the refusal names, or `accepted`.
std::string refusal(std::string_view text, std::size_t most = kMaxUtteranceBytes) {
  try {
    check_utterance(text, most);
  } catch (const Failure& failure) {
    return failure.value;
  }
  return "accepted";
}

}  // namespace

CASE("any text without control characters may be said") {
  for (const char* text : {"a", " ", "안녕하세요", "\xF0\x9F\x99\x82", "\xC2\xA0", "\"\\", "~"}) {
    EQUAL(refusal(text), "accepted");
  }
}

CASE("its length is counted in bytes, and both ends of the range are taken") {
  EQUAL(refusal(""), "0 bytes");
  EQUAL(refusal(std::string(1000, 'x')), "accepted");
  EQUAL(refusal(std::string(1001, 'x')), "1001 bytes");
  EQUAL(refusal("12345", 5), "accepted");
  EQUAL(refusal("123456", 5), "6 bytes");
}

CASE("what is no UTF-8 is refused at its place: stray, overlong, surrogate, cut short, beyond Unicode") {
  for (const char* text : {"ab\x80", "ab\xC0\xAF", "ab\xE0\x80\xAF", "ab\xED\xA0\x80", "ab\xEC\x95", "ab\xF4\x90\x80\x80", "ab\xFF"}) {
    EQUAL(refusal(text), "byte 3");
  }
}

CASE("control characters of every sort are refused") {
  EQUAL(refusal(std::string_view("a\0b", 3)), "byte 2");
  for (const char* text : {"a\tb", "a\rb", "a\x1B[2J", "a\x7F", "a\xC2\x80", "a\xC2\x9F"}) EQUAL(refusal(text), "byte 2");
}
