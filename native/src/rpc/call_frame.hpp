/// The frame that shows one call of a session byte by byte.
#pragma once

#include <cstdint>
#include <string>

#include "measure/call_sample.hpp"
#include "options/settings.hpp"
#include "rpc/program.hpp"
#include "rpc/transport.hpp"

namespace ipc::rpc {

/// `rpc_call`: the bytes of a call and of its reply, and what each of them means.
std::string call_frame(std::uint64_t elapsed_ns, const Settings& settings, const CallSample& sample);

/// What the settings of a session say about its calls.
Framing framing_of(const Settings& settings);
ProcedureNumber procedure_of(const Settings& settings);

}  // namespace ipc::rpc
