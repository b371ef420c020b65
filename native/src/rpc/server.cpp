#include "rpc/server.hpp"

#include <algorithm>
#include <exception>

#include "rpc/message.hpp"

namespace ipc::rpc {

namespace {

/// Runs the procedure that `call` names, and appends the results. Answers the header that the reply gets.
ReplyHeader perform(const Program& program, const CallHeader& call, XdrDecoder& arguments, XdrEncoder& results) {
  if (call.program != program.number) return accepted(call.xid, AcceptStatus::prog_unavail);
  if (call.version < program.low || call.version > program.high) {
    return program_mismatch(call.xid, program.low, program.high);
  }
  const auto procedure = std::find_if(program.procedures.begin(), program.procedures.end(),
                                      [&](const Procedure& each) { return each.number == call.procedure; });
  if (procedure == program.procedures.end()) return accepted(call.xid, AcceptStatus::proc_unavail);
  try {
    procedure->serve(arguments, results);
    return accepted(call.xid, AcceptStatus::success);
  } catch (const XdrFailure&) {
    return accepted(call.xid, AcceptStatus::garbage_args);
  } catch (const std::exception&) {  // no memory, for instance
    return accepted(call.xid, AcceptStatus::system_err);
  }
}

}  // namespace

bool answer_call(const Program& program, BytesView message, XdrEncoder& reply) {
  const std::size_t start = reply.size();
  XdrDecoder in(message);
  try {
    const auto taken = take_call(in);
    if (std::holds_alternative<NotACall>(taken)) return false;
    if (const auto* refusal = std::get_if<ReplyHeader>(&taken)) {
      put_reply(reply, *refusal);
      return true;
    }
    const CallHeader& call = std::get<CallHeader>(taken);
    // The results stand behind the header, and success is the usual case: it is put first and taken back if need be.
    put_reply(reply, accepted(call.xid, AcceptStatus::success));
    const ReplyHeader header = perform(program, call, in, reply);
    if (!header.success()) {
      reply.cut_back(start);
      put_reply(reply, header);
    }
    return true;
  } catch (const XdrFailure&) {
    return false;
  }
}

}  // namespace ipc::rpc
