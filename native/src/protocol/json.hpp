/// Writes one JSON value into a string; all the JSON that the helper needs.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace ipc {

/// Appends members in call order and places the commas. The caller keeps begin and end balanced.
class JsonWriter {
 public:
  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  JsonWriter& key(std::string_view name);

  /// A string; bytes that are not UTF-8 become U+FFFD, so that the line always parses.
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(bool flag) { return raw(flag ? "true" : "false"); }
  /// A finite number with the fewest digits that read back as the same; others become 0.
  JsonWriter& value(double number);
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  JsonWriter& value(T number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number);
    return raw(std::string_view(digits, static_cast<std::size_t>(end.ptr - digits)));
  }
  JsonWriter& null() { return raw("null"); }

  template <class T>
  JsonWriter& member(std::string_view name, const T& content) {
    key(name);
    return value(content);
  }

  const std::string& text() const { return text_; }
  /// Gives the text away.
  std::string take() { return std::move(text_); }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  JsonWriter& raw(std::string_view content);
  void comma();

  std::string text_;
  bool after_value_ = false;
};

}  // namespace ipc
