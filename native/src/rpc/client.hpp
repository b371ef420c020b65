/// The client's side: stubs that look like functions, and what they share.
#pragma once

#include "rpc/message.hpp"
#include "rpc/program.hpp"
#include "rpc/transport.hpp"

namespace ipc::rpc {

/// The server answered, but not with results.
struct CallRefused {
  ReplyHeader reply;
};

/// Makes one call after the other. A stub begins a call, puts the arguments, finishes it, and takes the results:
///   client.begin(procedure).put_hyper(7);
///   return client.finish().get_hyper();
class Client {
 public:
  /// Of the messages, the first gets `first_xid`, the next one more.
  Client(Transport& transport, std::uint32_t first_xid, std::uint32_t program = kProgram,
         std::uint32_t version = kVersion)
      : transport_(transport), xid_(first_xid), program_(program), version_(version) {}

  /// Puts the header of a call; the arguments go behind it.
  XdrEncoder& begin(std::uint32_t procedure);

  /// Sends the call, waits for its reply, and answers where the results start; they stay until the next call. Over
  /// datagrams a call without an answer is sent again, so it may be executed more than once (RFC 5531, section 4).
  /// Throws CallRefused, Failure, and XdrFailure or MessageFailure for a reply that is none.
  XdrDecoder finish();

 private:
  static constexpr int kAttempts = 3;

  Transport& transport_;
  std::uint32_t xid_;
  std::uint32_t program_;
  std::uint32_t version_;
  XdrEncoder call_;
};

// The stubs. They throw what Client::finish throws.
void null(Client& client);
Bytes echo(Client& client, BytesView content);
std::int64_t sum(Client& client, const std::vector<std::int64_t>& numbers);
/// The content of the answer is a view that stays until the next call.
Description describe(Client& client, const Item& item);

}  // namespace ipc::rpc
