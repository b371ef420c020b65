#include "rpc/client.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

#include "check.hpp"
#include "hex.hpp"
#include "protocol/failure.hpp"

using namespace ipc::rpc;

namespace {

// Section 9 of RFC 5531, word by word: xid, CALL, RPC version, program, version, procedure, and AUTH_NONE twice.
constexpr const char* kEchoCall =
    "00001234 00000000 00000002 20495043 00000001 00000001 00000000 00000000 00000000 00000000";

/// The call above with one of its words (from 0) changed, and arguments behind it.
Bytes call_with(std::size_t word, std::string_view value, std::string_view arguments = "00000000") {
  Bytes call = from_hex(kEchoCall);
  const Bytes other = from_hex(value);
  std::copy(other.begin(), other.end(), call.begin() + static_cast<std::ptrdiff_t>(4 * word));
  const Bytes behind = from_hex(arguments);
  call.insert(call.end(), behind.begin(), behind.end());
  return call;
}

/// The reply of our own program in hexadecimal, or `none`.
std::string reply_to(BytesView call) {
  XdrEncoder reply;
  return answer_call(scope_program(), call, reply) ? to_hex(reply.bytes()) : "none";
}

std::string reply_to(std::string_view hex) { return reply_to(from_hex(hex)); }

/// Puts a stream into a reader in pieces of `piece` bytes; answers the records, `|` after each.
std::string records_in(BytesView stream, std::size_t piece, std::size_t limit = 1000) {
  RecordReader reader(limit);
  std::string records;
  while (!stream.empty()) {
    const std::span<std::byte> wanted = reader.wanted();
    const std::size_t count = std::min({piece, wanted.size(), stream.size()});
    std::copy_n(stream.begin(), count, wanted.begin());
    stream = stream.subspan(count);
    try {
      if (reader.took(count)) records += to_hex(reader.record()) + "|";
    } catch (const RecordTooLong& too_long) {
      return records + "longer than " + std::to_string(too_long.limit);
    }
  }
  return records + (reader.between_records() ? "" : "unfinished");
}

/// A client and a server of `program` in a thread, over a pair of sockets.
template <class Use>
void with_server(const Program& program, Framing framing, Use&& use) {
  int fds[2];
  socketpair(AF_UNIX, framing == Framing::stream ? SOCK_STREAM : SOCK_SEQPACKET, 0, fds);
  std::thread server([&, fd = fds[1]] {
    Transport transport(fd, framing, kMaxRecordBytes);
    XdrEncoder reply;
    try {
      for (;;) {
        const BytesView call = transport.receive();
        reply.clear();
        if (call.empty() || !answer_call(program, call, reply)) break;
        transport.send(reply.bytes());
      }
    } catch (const ipc::Failure&) {  // the client is done
    }
  });
  {
    Transport transport(fds[0], framing, kMaxRecordBytes);
    Client client(transport, 7);
    use(client);
    if (framing == Framing::datagram) shutdown(fds[0], SHUT_RDWR);
  }
  server.join();
}

std::string refusal_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const CallRefused& refused) {
    return std::string(name_of(refused.reply)) + " " + std::to_string(refused.reply.low) + ".." +
           std::to_string(refused.reply.high);
  }
  return "none";
}

}  // namespace

CASE("the header of a call is laid out as section 9 has it") {
  XdrEncoder out;
  put_call(out, {0x1234, kProgram, kVersion, 1});
  EQUAL(to_hex(out.bytes()), kEchoCall);
  EQUAL(out.size(), kCallHeaderBytes);
}

CASE("the header of every reply is laid out as section 9 has it") {
  const auto laid_out = [](const ReplyHeader& header) {
    XdrEncoder out;
    put_reply(out, header);
    // And it reads back as it was.
    XdrDecoder in(out.bytes());
    HOLDS(take_reply(in) == header);
    EQUAL(in.left(), 0U);
    return to_hex(out.bytes());
  };
  EQUAL(laid_out(accepted(1, AcceptStatus::success)), "00000001 00000001 00000000 00000000 00000000 00000000");
  EQUAL(laid_out(accepted(1, AcceptStatus::prog_unavail)), "00000001 00000001 00000000 00000000 00000000 00000001");
  EQUAL(laid_out(program_mismatch(1, 2, 5)),
        "00000001 00000001 00000000 00000000 00000000 00000002 00000002 00000005");
  EQUAL(laid_out(accepted(1, AcceptStatus::proc_unavail)), "00000001 00000001 00000000 00000000 00000000 00000003");
  EQUAL(laid_out(accepted(1, AcceptStatus::garbage_args)), "00000001 00000001 00000000 00000000 00000000 00000004");
  EQUAL(laid_out(accepted(1, AcceptStatus::system_err)), "00000001 00000001 00000000 00000000 00000000 00000005");
  EQUAL(laid_out(rpc_mismatch(1)), "00000001 00000001 00000001 00000000 00000002 00000002");
  EQUAL(laid_out(auth_error(1, AuthStatus::rejected_credential)), "00000001 00000001 00000001 00000001 00000002");
}

CASE("a reply with an unknown type or status is none") {
  for (const char* hex : {"00000001 00000000 00000000", "00000001 00000001 00000002",
                          "00000001 00000001 00000000 00000000 00000000 00000006", "00000001 00000001 00000001 00000002"}) {
    const Bytes bytes = from_hex(hex);
    XdrDecoder in(bytes);
    bool refused = false;
    try {
      take_reply(in);
    } catch (const MessageFailure&) {
      refused = true;
    }
    HOLDS(refused);
  }
}

CASE("the four procedures answer, byte for byte") {
  EQUAL(reply_to(call_with(5, "00000000", "")), "00001234 00000001 00000000 00000000 00000000 00000000");
  EQUAL(reply_to(call_with(5, "00000001", "00000003 61626300")),
        "00001234 00000001 00000000 00000000 00000000 00000000 00000003 61626300");
  EQUAL(reply_to(call_with(5, "00000002", "00000003 00000000 00000001 00000001 00000000 ffffffff fffffffe")),
        "00001234 00000001 00000000 00000000 00000000 00000000 00000000 ffffffff");
  EQUAL(reply_to(call_with(5, "00000003", "00000001 6e000000 00000002 6d650000 00000001 78000000")),
        // "n of me, 1 byte", 1, true, "x"
        "00001234 00000001 00000000 00000000 00000000 00000000 0000000f 6e206f66 206d652c 20312062 79746500 "
        "00000001 00000001 00000001 78000000");
}

CASE("a sum that does not fit wraps around") {
  EQUAL(sum_of({std::numeric_limits<std::int64_t>::max(), 1}), std::numeric_limits<std::int64_t>::min());
}

CASE("what is wrong with a call gets the reply that the RFC has for it") {
  EQUAL(reply_to(call_with(2, "00000003")), "00001234 00000001 00000001 00000000 00000002 00000002");
  EQUAL(reply_to(call_with(3, "20495044")), "00001234 00000001 00000000 00000000 00000000 00000001");
  EQUAL(reply_to(call_with(4, "00000002")), "00001234 00000001 00000000 00000000 00000000 00000002 00000001 00000001");
  EQUAL(reply_to(call_with(4, "00000000")), "00001234 00000001 00000000 00000000 00000000 00000002 00000001 00000001");
  EQUAL(reply_to(call_with(5, "00000004")), "00001234 00000001 00000000 00000000 00000000 00000003");
  const std::string garbage = "00001234 00000001 00000000 00000000 00000000 00000004";
  EQUAL(reply_to(call_with(5, "00000001", "")), garbage);                            // nothing there
  EQUAL(reply_to(call_with(5, "00000001", "00000008 61626364")), garbage);           // fewer than it says
  EQUAL(reply_to(call_with(5, "00000001", "01000001")), garbage);                    // above the limit
  EQUAL(reply_to(call_with(5, "00000001", "00000000 00000000")), garbage);           // more than it says
  EQUAL(reply_to(call_with(5, "00000000", "00000000")), garbage);                    // NULL takes nothing
  EQUAL(reply_to(call_with(5, "00000002", "7fffffff 00000000 00000000")), garbage);  // a count out of the air
}

CASE("credentials other than AUTH_NONE are refused") {
  // AUTH_SYS (1) with an empty body.
  EQUAL(reply_to(call_with(6, "00000001")), "00001234 00000001 00000001 00000001 00000002");
  EQUAL(reply_to(call_with(8, "00000001")), "00001234 00000001 00000001 00000001 00000003");
  // A body of 401 bytes, one more than there may be.
  EQUAL(reply_to(call_with(7, "00000191")), "00001234 00000001 00000001 00000001 00000001");
  // What AUTH_NONE has for a body means nothing.
  EQUAL(reply_to("00001234 00000000 00000002 20495043 00000001 00000000 00000000 00000004 deadbeef 00000000 00000000"),
        "00001234 00000001 00000000 00000000 00000000 00000000");
}

CASE("without a whole header there is nobody to reply to") {
  const Bytes call = call_with(5, "00000000", "");
  for (std::size_t size = 0; size < call.size(); ++size) EQUAL(reply_to(BytesView(call).first(size)), "none");
  EQUAL(reply_to(call_with(1, "00000001")), "none");  // a reply where a call is due
}

CASE("a procedure that cannot do its work is a SYSTEM_ERR, and nothing of its results is sent") {
  const Program failing = {kProgram, 1, 1, {{1, [](XdrDecoder&, XdrEncoder& out) {
                                               out.put_hyper(1);
                                               throw std::bad_alloc();
                                             }}}};
  XdrEncoder reply;
  HOLDS(answer_call(failing, call_with(5, "00000001"), reply));
  EQUAL(to_hex(reply.bytes()), "00001234 00000001 00000000 00000000 00000000 00000005");
}

CASE("a record is marked with its length and the last-fragment bit (section 11)") {
  const Bytes five = from_hex("0102030405");
  EQUAL(to_hex(marked_record(five)), "80000005 01020304 05");
  EQUAL(to_hex(marked_record(five, 2)), "00000002 01020000 00020304 80000001 05");
  EQUAL(to_hex(marked_record(five, 5)), "80000005 01020304 05");
  EQUAL(to_hex(marked_record({})), "80000000");
}

CASE("records come together again, however many fragments there are and however the stream is cut") {
  for (std::size_t piece = 1; piece < 16; ++piece) {
    EQUAL(records_in(from_hex("00000002 0102 00000000 80000001 03 80000000 80000001 04"), piece), "010203||04|");
    EQUAL(records_in(from_hex("80000004 01020304 000000"), piece), "01020304|unfinished");
    EQUAL(records_in(from_hex("00000000"), piece), "unfinished");
    EQUAL(records_in(from_hex("80000004 0102"), piece), "unfinished");
  }
}

CASE("a record above the limit is refused by its mark, the sum of its fragments counting") {
  EQUAL(records_in(from_hex("80000008 01020304 05060708"), 100, 8), "01020304 05060708|");
  EQUAL(records_in(from_hex("80000009 01020304"), 100, 8), "longer than 8");
  EQUAL(records_in(from_hex("ffffffff"), 100, 8), "longer than 8");
  EQUAL(records_in(from_hex("00000005 0102030405 80000004"), 100, 8), "longer than 8");
}

CASE("the stubs look like functions, over streams and datagrams") {
  for (const Framing framing : {Framing::stream, Framing::datagram}) {
    with_server(scope_program(), framing, [&](Client& client) {
      null(client);
      EQUAL(to_hex(echo(client, from_hex("010203"))), "010203");
      EQUAL(echo(client, {}).size(), 0U);
      EQUAL(sum(client, {1, 2, -10}), -7);
      const Bytes content = from_hex("00ff");
      const Description answer = describe(client, {"bytes", "test", content});
      EQUAL(answer.summary, "bytes of test, 2 bytes");
      EQUAL(answer.bytes, 2U);
      EQUAL(answer.text, false);
      EQUAL(to_hex(answer.content), "00ff");
    });
  }
  with_server(scope_program(), Framing::stream, [](Client& client) {
    const Bytes large(kMaxContentBytes, std::byte{0x5a});
    HOLDS(echo(client, large) == large);
  });
}

CASE("a client is told why the server refused") {
  const Program other = {kProgram + 1, 1, 1, {}};
  with_server(other, Framing::stream,
              [](Client& client) { EQUAL(refusal_of([&] { null(client); }), "PROG_UNAVAIL 0..0"); });
  const Program later = {kProgram, 3, 4, {}};
  with_server(later, Framing::stream,
              [](Client& client) { EQUAL(refusal_of([&] { null(client); }), "PROG_MISMATCH 3..4"); });
  const Program empty = {kProgram, 1, 1, {}};
  with_server(empty, Framing::stream,
              [](Client& client) { EQUAL(refusal_of([&] { null(client); }), "PROC_UNAVAIL 0..0"); });
}
