/// What each byte of a call or of a reply means (RFC 5531, section 9 and 11; RFC 4506). For people to look at: it takes any bytes,
/// and tells how far they make sense.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rpc/program.hpp"
#include "rpc/transport.hpp"

namespace ipc::rpc {

struct Field {
  /// Bytes from the start of what travelled.
  std::size_t offset;
  std::size_t length;
  /// record_mark, xid, message_type … One name for all elements of an array.
  std::string name;
  /// As a person would write it: `0 (CALL)`, `"text"`. Of long data the beginning.
  std::string value;
};

struct Dissection {
  std::vector<Field> fields;
  /// Why it ends before the bytes do, or the bytes before it: an XdrError's name, `unknown_value`; empty where all is well.
  std::string fault;
};

/// What travelled, or its beginning.
struct Wire {
  BytesView kept;
  /// Of the whole, bytes; at least as many as are kept.
  std::size_t total = 0;
  Framing framing = Framing::datagram;
};

Dissection dissect_call(const Wire& wire);

/// A reply does not say which procedure it answers.
Dissection dissect_reply(const Wire& wire, ProcedureNumber procedure);

}  // namespace ipc::rpc
