#include "rpc/client.hpp"

#include "protocol/failure.hpp"

namespace ipc::rpc {

namespace {

XdrEncoder& begin(Client& client, ProcedureNumber procedure) {
  return client.begin(static_cast<std::uint32_t>(procedure));
}

}  // namespace

XdrEncoder& Client::begin(std::uint32_t procedure) {
  call_.clear();
  put_call(call_, {xid_, program_, version_, procedure});
  return call_;
}

XdrDecoder Client::finish() {
  const std::uint32_t xid = xid_++;
  const int attempts = transport_.framing() == Framing::datagram ? kAttempts : 1;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    transport_.send(call_.bytes());
    for (BytesView message = transport_.receive(); !message.empty(); message = transport_.receive()) {
      XdrDecoder in(message);
      const ReplyHeader reply = take_reply(in);
      // The answer to an earlier call that was sent twice.
      if (reply.xid != xid) continue;
      if (!reply.success()) throw CallRefused{reply};
      return in;
    }
  }
  Failure failure{ErrorCode::timed_out, "the server did not answer", "See whether it runs, and on which port."};
  failure.exit_code = kExitSystem;
  throw failure;
}

void null(Client& client) {
  begin(client, ProcedureNumber::null);
  client.finish().expect_end();
}

Bytes echo(Client& client, BytesView content) {
  begin(client, ProcedureNumber::echo).put_opaque(content);
  XdrDecoder results = client.finish();
  const BytesView answer = results.get_opaque(kMaxContentBytes);
  results.expect_end();
  return {answer.begin(), answer.end()};
}

std::int64_t sum(Client& client, const std::vector<std::int64_t>& numbers) {
  put_numbers(begin(client, ProcedureNumber::sum), numbers);
  XdrDecoder results = client.finish();
  const std::int64_t answer = results.get_hyper();
  results.expect_end();
  return answer;
}

Description describe(Client& client, const Item& item) {
  put_item(begin(client, ProcedureNumber::describe), item);
  XdrDecoder results = client.finish();
  Description answer = take_description(results);
  results.expect_end();
  return answer;
}

}  // namespace ipc::rpc
