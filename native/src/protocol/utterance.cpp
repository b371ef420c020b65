#include "protocol/utterance.hpp"

#include <string>

#include "protocol/failure.hpp"
#include "protocol/utf8.hpp"

namespace ipc {

void check_utterance(std::string_view text, std::size_t most) {
  const std::string allowed = "1.." + std::to_string(most) + " bytes of UTF-8 without control characters";
  const auto refuse = [&](std::string message, std::string value) {
    throw Failure{ErrorCode::bad_command, std::move(message), "Say " + allowed + ".", "say", std::move(value), allowed};
  };
  if (text.empty()) refuse("there is nothing to say in the line", "0 bytes");
  if (text.size() > most) refuse("the line is too long", std::to_string(text.size()) + " bytes");
  std::size_t at = 0;
  while (at < text.size()) {
    const std::string_view rest = text.substr(at);
    const std::size_t length = utf8_length(rest);
    const std::string where = "byte " + std::to_string(at + 1);
    if (length == 0) refuse("the line is not UTF-8", where);
    if (is_control(rest, length)) refuse("the line has a control character in it", where);
    at += length;
  }
}

}  // namespace ipc
