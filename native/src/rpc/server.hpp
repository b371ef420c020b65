/// The dispatcher: from a call's bytes to the procedure that it names, and to the bytes of the reply.
#pragma once

#include <cstdint>
#include <vector>

#include "rpc/xdr.hpp"

namespace ipc::rpc {

struct Procedure {
  std::uint32_t number;
  /// The server's stub: takes the arguments, does the work, puts the results. Throws XdrFailure for bad arguments.
  void (*serve)(XdrDecoder& arguments, XdrEncoder& results);
};

/// All versions from `low` to `high` have the same procedures.
struct Program {
  std::uint32_t number;
  std::uint32_t low;
  std::uint32_t high;
  std::vector<Procedure> procedures;
};

/// Answers the call in `message` by appending a reply to `reply`: the results, or the RFC's reply for what is wrong.
/// False, with nothing appended, when the message is no call or its header is not whole: then there is nobody to answer;
/// a stream is closed, a datagram forgotten.
bool answer_call(const Program& program, BytesView message, XdrEncoder& reply);

}  // namespace ipc::rpc
