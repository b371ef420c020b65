#include "protocol/json.hpp"

#include <cmath>

#include "check.hpp"
#include "protocol/frames.hpp"

using namespace ipc;

namespace {

std::string quoted(std::string_view text) { return JsonWriter().value(text).take(); }

}  // namespace

CASE("members and elements are parted by commas, nested too") {
  JsonWriter json;
  json.begin_object().member("a", 1).key("b").begin_array().value(true).null().value("x").end_array();
  json.key("c").begin_object().end_object().member("d", -2).end_object();
  EQUAL(json.text(), R"({"a":1,"b":[true,null,"x"],"c":{},"d":-2})");
}

CASE("strings are escaped") {
  EQUAL(quoted("a\"b\\c\n\r\t"), R"("a\"b\\c\n\r\t")");
  EQUAL(quoted(std::string_view("\0\x1f\x7f", 3)), R"("\u0000\u001f\u007f")");
}

CASE("Korean passes unchanged, and what is not UTF-8 becomes the replacement character") {
  EQUAL(quoted("안녕 😀"), "\"안녕 😀\"");
  EQUAL(quoted("a\xffz"), "\"a\xEF\xBF\xBDz\"");
  EQUAL(quoted("\xEC\x95"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");              // cut off
  EQUAL(quoted("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");              // overlong
  EQUAL(quoted("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // surrogate
}

CASE("numbers read back as they were") {
  EQUAL(JsonWriter().value(9'007'199'254'740'991ULL).take(), "9007199254740991");
  EQUAL(JsonWriter().value(0.1).take(), "0.1");
  EQUAL(JsonWriter().value(-5).take(), "-5");
  EQUAL(JsonWriter().value(std::nan("")).take(), "0");
}

CASE("an error frame leaves out what is not known") {
  const Failure failure{ErrorCode::timed_out, "m", "r"};
  EQUAL(error_frame(7, false, failure),
        R"({"t":"error","elapsed_ns":7,"fatal":false,"code":"timed_out","message":"m","remedy":"r"})");
}
