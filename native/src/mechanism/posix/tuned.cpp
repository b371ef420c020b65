#include "mechanism/posix/tuned.hpp"

#include <string>
#include <utility>

#include "protocol/failure.hpp"

namespace ipc {

namespace {

[[noreturn]] void refuse(std::string message, std::string remedy, std::string where, std::string_view value,
                         std::string allowed) {
  Failure failure{ErrorCode::not_supported, std::move(message), std::move(remedy)};
  failure.where = std::move(where);
  failure.value = value;
  failure.allowed = std::move(allowed);
  throw failure;
}

}  // namespace

void resolve_tuned(const Settings& settings) {
  if (settings.plain()) return;
  const std::string variant = "the variant " + std::string(settings.variant.view());
  const std::string_view pattern = settings.pattern.view();
  const std::string patterns = settings.tuned() ? "stream, pingpong" : "stream";
  const std::string otherwise = "Use --variant plain, or --pattern stream.";
  if (settings.dialogue()) refuse(variant + " carries no dialogue", otherwise, "--pattern", pattern, patterns);
  if (pattern != "stream" && pattern != "pingpong") {
    refuse(variant + " has one producer and one consumer", otherwise, "--pattern", pattern, patterns);
  }
  if (settings.pingpong() && !settings.tuned()) {
    refuse(variant + " carries streams only", otherwise, "--pattern", pattern, patterns);
  }
  if (settings.polled()) {
    refuse(variant + " receives without asking for readiness first", "Use --variant plain, or --receive call.",
           "--receive", settings.receive.view(), "call");
  }
}

}  // namespace ipc
