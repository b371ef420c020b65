#include "mechanism/posix/tuned.hpp"

#include "protocol/failure.hpp"

namespace ipc {

void refuse_several_tuned(const Settings& settings) {
  const std::string_view pattern = settings.pattern.view();
  if (settings.plain() || pattern == "stream" || pattern == "pingpong") return;
  Failure failure{ErrorCode::not_supported,
                  "the variant " + std::string(settings.variant.view()) + " has one producer and one consumer",
                  "Use --variant plain, which carries several, or --pattern stream."};
  failure.where = "--pattern";
  failure.value = pattern;
  failure.allowed = "stream, pingpong";
  throw failure;
}

void refuse_conversation(const Settings& settings) {
  if (!settings.pingpong()) return;
  const std::string variant(settings.variant.view());
  Failure failure{ErrorCode::not_supported, "the variant " + variant + " carries streams only",
                  "Use --pattern stream, or --variant plain."};
  failure.where = "--pattern";
  failure.value = "pingpong";
  failure.allowed = "stream";
  throw failure;
}

}  // namespace ipc
