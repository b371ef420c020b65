#include "rpc/message.hpp"

namespace ipc::rpc {

namespace {

template <class Enumeration>
void put_enum(XdrEncoder& out, Enumeration value) {
  out.put_unsigned(static_cast<std::uint32_t>(value));
}

/// An enumerator from 0 to `last`. Throws MessageFailure.
template <class Enumeration>
Enumeration take_enum(XdrDecoder& in, Enumeration last) {
  const std::uint32_t value = in.get_unsigned();
  if (value > static_cast<std::uint32_t>(last)) throw MessageFailure{value};
  return static_cast<Enumeration>(value);
}

void put_auth_none(XdrEncoder& out) {
  put_enum(out, AuthFlavor::none);
  out.put_opaque({});
}

/// The flavor of a credential or verifier. Its body says nothing to us; for AUTH_NONE its content is undefined anyway.
AuthFlavor take_auth(XdrDecoder& in) {
  const auto flavor = static_cast<AuthFlavor>(in.get_unsigned());
  in.get_opaque(kMaxAuthBytes);
  return flavor;
}

}  // namespace

ReplyHeader accepted(std::uint32_t xid, AcceptStatus status) {
  ReplyHeader reply;
  reply.xid = xid;
  reply.accept = status;
  return reply;
}

ReplyHeader program_mismatch(std::uint32_t xid, std::uint32_t low, std::uint32_t high) {
  ReplyHeader reply = accepted(xid, AcceptStatus::prog_mismatch);
  reply.low = low;
  reply.high = high;
  return reply;
}

ReplyHeader rpc_mismatch(std::uint32_t xid) {
  ReplyHeader reply;
  reply.xid = xid;
  reply.status = ReplyStatus::denied;
  reply.reject = RejectStatus::rpc_mismatch;
  reply.low = kRpcVersion;
  reply.high = kRpcVersion;
  return reply;
}

ReplyHeader auth_error(std::uint32_t xid, AuthStatus status) {
  ReplyHeader reply;
  reply.xid = xid;
  reply.status = ReplyStatus::denied;
  reply.reject = RejectStatus::auth_error;
  reply.auth = status;
  return reply;
}

std::string_view name_of(const ReplyHeader& reply) {
  if (reply.status == ReplyStatus::denied) {
    return reply.reject == RejectStatus::rpc_mismatch ? "RPC_MISMATCH" : "AUTH_ERROR";
  }
  static constexpr std::string_view kNames[] = {"SUCCESS",      "PROG_UNAVAIL", "PROG_MISMATCH",
                                                "PROC_UNAVAIL", "GARBAGE_ARGS", "SYSTEM_ERR"};
  return kNames[static_cast<std::size_t>(reply.accept)];
}

void put_call(XdrEncoder& out, const CallHeader& call) {
  out.put_unsigned(call.xid);
  put_enum(out, MessageType::call);
  out.put_unsigned(kRpcVersion);
  out.put_unsigned(call.program);
  out.put_unsigned(call.version);
  out.put_unsigned(call.procedure);
  put_auth_none(out);  // credential
  put_auth_none(out);  // verifier
}

void put_reply(XdrEncoder& out, const ReplyHeader& reply) {
  out.put_unsigned(reply.xid);
  put_enum(out, MessageType::reply);
  put_enum(out, reply.status);
  if (reply.status == ReplyStatus::accepted) {
    put_auth_none(out);  // verifier
    put_enum(out, reply.accept);
    if (reply.accept != AcceptStatus::prog_mismatch) return;
  } else {
    put_enum(out, reply.reject);
    if (reply.reject == RejectStatus::auth_error) {
      put_enum(out, reply.auth);
      return;
    }
  }
  out.put_unsigned(reply.low);
  out.put_unsigned(reply.high);
}

std::variant<CallHeader, ReplyHeader, NotACall> take_call(XdrDecoder& in) {
  CallHeader call;
  call.xid = in.get_unsigned();
  if (in.get_unsigned() != static_cast<std::uint32_t>(MessageType::call)) return NotACall{};
  // What follows is laid out by this version, so nothing behind another one can be relied on.
  if (in.get_unsigned() != kRpcVersion) return rpc_mismatch(call.xid);
  call.program = in.get_unsigned();
  call.version = in.get_unsigned();
  call.procedure = in.get_unsigned();
  AuthStatus blame = AuthStatus::bad_credential;
  try {
    if (take_auth(in) != AuthFlavor::none) return auth_error(call.xid, AuthStatus::rejected_credential);
    blame = AuthStatus::bad_verifier;
    if (take_auth(in) != AuthFlavor::none) return auth_error(call.xid, blame);
  } catch (const XdrFailure& failure) {
    if (failure.error == XdrError::cut_short) throw;
    return auth_error(call.xid, blame);
  }
  return call;
}

ReplyHeader take_reply(XdrDecoder& in) {
  ReplyHeader reply;
  reply.xid = in.get_unsigned();
  const std::uint32_t type = in.get_unsigned();
  if (type != static_cast<std::uint32_t>(MessageType::reply)) throw MessageFailure{type};
  reply.status = take_enum(in, ReplyStatus::denied);
  if (reply.status == ReplyStatus::accepted) {
    take_auth(in);
    reply.accept = take_enum(in, AcceptStatus::system_err);
    if (reply.accept != AcceptStatus::prog_mismatch) return reply;
  } else {
    reply.reject = take_enum(in, RejectStatus::auth_error);
    if (reply.reject == RejectStatus::auth_error) {
      reply.auth = static_cast<AuthStatus>(in.get_unsigned());
      return reply;
    }
  }
  reply.low = in.get_unsigned();
  reply.high = in.get_unsigned();
  return reply;
}

}  // namespace ipc::rpc
