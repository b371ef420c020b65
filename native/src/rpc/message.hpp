/// The messages of ONC RPC version 2 (RFC 5531, section 9): the header of a call and that of a reply. The values of the
/// enumerators are those on the wire.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "rpc/xdr.hpp"

namespace ipc::rpc {

inline constexpr std::uint32_t kRpcVersion = 2;

/// The greatest body of a credential or verifier, bytes (section 8.2).
inline constexpr std::size_t kMaxAuthBytes = 400;

/// A call's header with AUTH_NONE twice, and the header of a reply with results; bytes.
inline constexpr std::size_t kCallHeaderBytes = 40;
inline constexpr std::size_t kReplyHeaderBytes = 24;

enum class MessageType : std::uint32_t { call = 0, reply = 1 };

enum class ReplyStatus : std::uint32_t { accepted = 0, denied = 1 };

enum class AcceptStatus : std::uint32_t {
  success = 0,
  prog_unavail = 1,
  prog_mismatch = 2,
  proc_unavail = 3,
  garbage_args = 4,
  system_err = 5,
};

enum class RejectStatus : std::uint32_t { rpc_mismatch = 0, auth_error = 1 };

enum class AuthFlavor : std::uint32_t { none = 0 };

/// Those of section 9 that a server with AUTH_NONE alone has a use for; a client may be told any number.
enum class AuthStatus : std::uint32_t { ok = 0, bad_credential = 1, rejected_credential = 2, bad_verifier = 3 };

/// The header of a call; credential and verifier are always AUTH_NONE.
struct CallHeader {
  /// Chosen by the caller; the reply repeats it, and that is all that connects the two.
  std::uint32_t xid = 0;
  std::uint32_t program = 0;
  std::uint32_t version = 0;
  std::uint32_t procedure = 0;

  bool operator==(const CallHeader&) const = default;
};

/// The header of a reply. Which of the later members mean something depends on the earlier ones.
struct ReplyHeader {
  std::uint32_t xid = 0;
  ReplyStatus status = ReplyStatus::accepted;
  /// When accepted.
  AcceptStatus accept = AcceptStatus::success;
  /// When denied.
  RejectStatus reject = RejectStatus::rpc_mismatch;
  /// Under auth_error.
  AuthStatus auth = AuthStatus::ok;
  /// Under prog_mismatch and rpc_mismatch: the lowest and the highest version that would do.
  std::uint32_t low = 0;
  std::uint32_t high = 0;

  bool success() const { return status == ReplyStatus::accepted && accept == AcceptStatus::success; }
  bool operator==(const ReplyHeader&) const = default;
};

ReplyHeader accepted(std::uint32_t xid, AcceptStatus status);
ReplyHeader program_mismatch(std::uint32_t xid, std::uint32_t low, std::uint32_t high);
ReplyHeader rpc_mismatch(std::uint32_t xid);
ReplyHeader auth_error(std::uint32_t xid, AuthStatus status);

/// The name that the RFC gives to what a reply says: SUCCESS, PROG_UNAVAIL … AUTH_ERROR.
std::string_view name_of(const ReplyHeader& reply);

void put_call(XdrEncoder& out, const CallHeader& call);
void put_reply(XdrEncoder& out, const ReplyHeader& reply);

/// Not a message to answer: a reply where a call is due, say.
struct NotACall {};

/// Takes the header of a call. What the protocol itself has to refuse (its version, the credentials) is answered with the
/// reply to send. Throws XdrFailure when the header is not whole, so that there is nothing to reply to.
std::variant<CallHeader, ReplyHeader, NotACall> take_call(XdrDecoder& in);

/// Takes the header of a reply; results follow it when it says success. Throws XdrFailure; `left_over` is never thrown,
/// and a message that is no reply or has an unknown status is a MessageFailure.
ReplyHeader take_reply(XdrDecoder& in);

/// A reply that is none: its type or a status is none of the RFC's.
struct MessageFailure {
  std::uint32_t value;
};

}  // namespace ipc::rpc
