#include "rpc/dissect.hpp"

#include <algorithm>
#include <cstdio>

#include "rpc/message.hpp"

namespace ipc::rpc {

namespace {

/// Elements of an array that are told one by one, and bytes of data that are shown.
constexpr std::uint32_t kElements = 8;
constexpr std::size_t kShownBytes = 32;

/// What is left was not kept: no fault, but the end.
struct NotKept {};
struct UnknownValue {};

std::string number_text(std::uint32_t value) { return std::to_string(value); }

std::string hexadecimal(std::uint32_t value) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%08x", value);
  return text;
}

/// `0 (CALL)`.
template <std::size_t N>
std::string named(std::uint32_t value, const char* const (&names)[N]) {
  return value < N ? number_text(value) + " (" + names[value] + ")" : number_text(value);
}

std::string type_text(std::uint32_t value) { return named(value, {"CALL", "REPLY"}); }
std::string flavor_text(std::uint32_t value) { return named(value, {"AUTH_NONE", "AUTH_SYS", "AUTH_SHORT", "AUTH_DH"}); }
std::string reply_text(std::uint32_t value) { return named(value, {"MSG_ACCEPTED", "MSG_DENIED"}); }
std::string reject_text(std::uint32_t value) { return named(value, {"RPC_MISMATCH", "AUTH_ERROR"}); }
std::string boolean_text(std::uint32_t value) { return named(value, {"FALSE", "TRUE"}); }
std::string accept_text(std::uint32_t value) {
  return named(value, {"SUCCESS", "PROG_UNAVAIL", "PROG_MISMATCH", "PROC_UNAVAIL", "GARBAGE_ARGS", "SYSTEM_ERR"});
}
std::string program_text(std::uint32_t value) { return hexadecimal(value) + (value == kProgram ? " (IPC Scope)" : ""); }
std::string procedure_text(std::uint32_t value) { return named(value, {"NULL", "ECHO", "SUM", "DESCRIBE"}); }
std::string mark_text(std::uint32_t value) {
  return std::string((value & kLastFragment) != 0 ? "last fragment, " : "fragment, ") +
         number_text(value & kMaxFragmentBytes) + " bytes";
}

std::string data_text(BytesView bytes, bool whole) {
  const auto printable = [](std::byte byte) {
    return byte >= std::byte{0x20} && byte < std::byte{0x7f} && byte != std::byte{'"'};
  };
  const std::size_t shown = std::min(bytes.size(), kShownBytes);
  std::string text;
  if (std::all_of(bytes.begin(), bytes.end(), printable)) {
    text = "\"" + std::string(reinterpret_cast<const char*>(bytes.data()), shown) + "\"";
  } else {
    for (std::size_t i = 0; i < shown; ++i) {
      char two[4];
      std::snprintf(two, sizeof two, i % 4 == 3 ? "%02x " : "%02x", std::to_integer<unsigned>(bytes[i]));
      text += two;
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
  }
  return whole && shown == bytes.size() ? text : text + " …";
}

/// Takes fields off the front. Throws XdrFailure where the message ends too soon, NotKept where what was kept of it does.
class Taker {
 public:
  Taker(const Wire& wire, std::vector<Field>& fields) : wire_(wire), fields_(fields) {}

  template <class ToText>
  std::uint32_t word(const char* name, ToText&& to_text) {
    const std::uint32_t value = XdrDecoder(next(kXdrUnit)).get_unsigned();
    add(kXdrUnit, name, to_text(value));
    return value;
  }

  void hyper(const char* name) {
    add(2 * kXdrUnit, name, std::to_string(XdrDecoder(next(2 * kXdrUnit)).get_hyper()));
  }

  /// Length, bytes and filling. Throws XdrFailure too_long above `limit`.
  void opaque(const char* name, std::size_t limit) {
    const std::uint32_t size = word((std::string(name) + "_length").c_str(), number_text);
    if (size > limit) throw XdrFailure{XdrError::too_long, at_ - kXdrUnit};
    if (size > left()) throw XdrFailure{XdrError::cut_short, at_};
    if (size == 0) return;
    const BytesView kept = wire_.kept.subspan(std::min(at_, wire_.kept.size()));
    add(size, name, data_text(kept.first(std::min<std::size_t>(size, kept.size())), size <= kept.size()));
    fill(xdr_padding(size));
  }

  /// The elements of an array, those beyond the first few as one field.
  void hypers(const char* name, std::size_t limit) {
    const std::uint32_t count = word("count", number_text);
    if (count > limit) throw XdrFailure{XdrError::too_long, at_ - kXdrUnit};
    for (std::uint32_t i = 0; i < std::min(count, kElements); ++i) hyper(name);
    if (count <= kElements) return;
    const std::size_t rest = std::size_t{8} * (count - kElements);
    if (rest > left()) throw XdrFailure{XdrError::cut_short, at_};
    add(rest, name, number_text(count - kElements) + " more");
  }

  void expect_end() const {
    if (left() != 0) throw XdrFailure{XdrError::left_over, at_};
  }

 private:
  std::size_t left() const { return wire_.total - at_; }

  BytesView next(std::size_t size) const {
    if (size > left()) throw XdrFailure{XdrError::cut_short, at_};
    if (at_ + size > wire_.kept.size()) throw NotKept{};
    return wire_.kept.subspan(at_, size);
  }

  void fill(std::size_t size) {
    if (size == 0) return;
    const BytesView filling = next(size);
    add(size, "padding", number_text(static_cast<std::uint32_t>(size)) + " bytes");
    if (std::any_of(filling.begin(), filling.end(), [](std::byte byte) { return byte != std::byte{0}; })) {
      throw XdrFailure{XdrError::bad_padding, at_ - size};
    }
  }

  void add(std::size_t length, std::string name, std::string value) {
    fields_.push_back({at_, length, std::move(name), std::move(value)});
    at_ += length;
  }

  const Wire& wire_;
  std::vector<Field>& fields_;
  std::size_t at_ = 0;
};

void take_mark(Taker& in, Framing framing) {
  if (framing == Framing::stream) in.word("record_mark", mark_text);
}

void take_type(Taker& in, MessageType due) {
  if (in.word("message_type", type_text) != static_cast<std::uint32_t>(due)) throw UnknownValue{};
}

void take_description(Taker& in) {
  in.opaque("summary", kMaxSummaryBytes);
  in.word("bytes", number_text);
  if (in.word("is_text", boolean_text) > 1) throw XdrFailure{XdrError::not_a_boolean, 0};
  in.opaque("content", kMaxContentBytes);
}

void take_call(Taker& in, Framing framing) {
  take_mark(in, framing);
  in.word("xid", hexadecimal);
  take_type(in, MessageType::call);
  if (in.word("rpc_version", number_text) != kRpcVersion) throw UnknownValue{};
  const bool ours = in.word("program", program_text) == kProgram;
  in.word("version", number_text);
  const std::uint32_t procedure = in.word("procedure", procedure_text);
  in.word("credential_flavor", flavor_text);
  in.opaque("credential", kMaxAuthBytes);
  in.word("verifier_flavor", flavor_text);
  in.opaque("verifier", kMaxAuthBytes);
  if (!ours) throw UnknownValue{};
  switch (static_cast<ProcedureNumber>(procedure)) {
    case ProcedureNumber::null: break;
    case ProcedureNumber::echo: in.opaque("content", kMaxContentBytes); break;
    case ProcedureNumber::sum: in.hypers("number", kMaxNumbers); break;
    case ProcedureNumber::describe:
      in.opaque("name", kMaxLabelBytes);
      in.opaque("owner", kMaxLabelBytes);
      in.opaque("content", kMaxContentBytes);
      break;
    default: throw UnknownValue{};
  }
  in.expect_end();
}

void take_result(Taker& in, ProcedureNumber procedure) {
  switch (procedure) {
    case ProcedureNumber::null: break;
    case ProcedureNumber::echo: in.opaque("content", kMaxContentBytes); break;
    case ProcedureNumber::sum: in.hyper("sum"); break;
    case ProcedureNumber::describe: take_description(in); break;
  }
}

void take_reply(Taker& in, Framing framing, ProcedureNumber procedure) {
  take_mark(in, framing);
  in.word("xid", hexadecimal);
  take_type(in, MessageType::reply);
  const std::uint32_t status = in.word("reply_status", reply_text);
  bool versions = false;
  if (status == static_cast<std::uint32_t>(ReplyStatus::accepted)) {
    in.word("verifier_flavor", flavor_text);
    in.opaque("verifier", kMaxAuthBytes);
    const std::uint32_t accept = in.word("accept_status", accept_text);
    if (accept > static_cast<std::uint32_t>(AcceptStatus::system_err)) throw UnknownValue{};
    if (accept == static_cast<std::uint32_t>(AcceptStatus::success)) take_result(in, procedure);
    versions = accept == static_cast<std::uint32_t>(AcceptStatus::prog_mismatch);
  } else if (status == static_cast<std::uint32_t>(ReplyStatus::denied)) {
    const std::uint32_t reject = in.word("reject_status", reject_text);
    if (reject > static_cast<std::uint32_t>(RejectStatus::auth_error)) throw UnknownValue{};
    versions = reject == static_cast<std::uint32_t>(RejectStatus::rpc_mismatch);
    if (!versions) in.word("auth_status", number_text);
  } else {
    throw UnknownValue{};
  }
  if (versions) {
    in.word("lowest_version", number_text);
    in.word("highest_version", number_text);
  }
  in.expect_end();
}

template <class Take>
Dissection dissected(const Wire& wire, Take&& take) {
  Dissection result;
  Taker in(wire, result.fields);
  try {
    take(in);
  } catch (const XdrFailure& failure) {
    result.fault = name_of(failure.error);
  } catch (const UnknownValue&) {
    result.fault = "unknown_value";
  } catch (const NotKept&) {  // as far as it was kept, all is well
  }
  return result;
}

}  // namespace

Dissection dissect_call(const Wire& wire) {
  return dissected(wire, [&](Taker& in) { take_call(in, wire.framing); });
}

Dissection dissect_reply(const Wire& wire, ProcedureNumber procedure) {
  return dissected(wire, [&](Taker& in) { take_reply(in, wire.framing, procedure); });
}

}  // namespace ipc::rpc
