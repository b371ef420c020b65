#include "protocol/json.hpp"

#include <cmath>

#include "protocol/utf8.hpp"

namespace ipc {

namespace {

void append_escaped(std::string& out, char character) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (character) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto code = static_cast<unsigned char>(character);
  if (code < 0x20 || code == 0x7F) {
    out += "\\u00";
    out += kHex[code >> 4];
    out += kHex[code & 15];
  } else {
    out += character;
  }
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    } else if (length == 1) {
      append_escaped(out, text[0]);
      text.remove_prefix(1);
    } else {
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  out += '"';
}

}  // namespace

JsonWriter& JsonWriter::key(std::string_view name) {
  comma();
  append_string(text_, name);
  text_ += ':';
  after_value_ = false;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  comma();
  append_string(text_, text);
  after_value_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, std::isfinite(number) ? number : 0.0);
  return raw(std::string_view(digits, static_cast<std::size_t>(end.ptr - digits)));
}

JsonWriter& JsonWriter::open(char bracket) {
  comma();
  text_ += bracket;
  after_value_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  text_ += bracket;
  after_value_ = true;
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view content) {
  comma();
  text_ += content;
  after_value_ = true;
  return *this;
}

void JsonWriter::comma() {
  if (after_value_) text_ += ',';
}

}  // namespace ipc
