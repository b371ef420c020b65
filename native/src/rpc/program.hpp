/// Our own program: its number, its procedures, and what they do. test/rpc/ipc_scope.x says the same in the language of
/// RFC 4506, from which rpcgen makes clients and servers that understand ours.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rpc/server.hpp"
#include "rpc/xdr.hpp"

namespace ipc::rpc {

/// From the range that is left to users, 0x20000000 to 0x3fffffff (RFC 5531, section 13.1): a space and "IPC".
inline constexpr std::uint32_t kProgram = 0x2049'5043;
inline constexpr std::uint32_t kVersion = 1;

enum class ProcedureNumber : std::uint32_t {
  /// Does nothing; every program has it, to see whether the server is there (section 12.1).
  null = 0,
  /// Answers the bytes that it is given.
  echo = 1,
  /// Answers the sum of numbers.
  sum = 2,
  /// Answers in words and figures what it is given.
  describe = 3,
};

inline constexpr std::size_t kMaxContentBytes = 16'777'216;
inline constexpr std::size_t kMaxNumbers = kMaxContentBytes / 8;
inline constexpr std::size_t kMaxLabelBytes = 64;
inline constexpr std::size_t kMaxSummaryBytes = 256;

/// The longest call or reply of this program: the content, and room for headers and strings.
inline constexpr std::size_t kMaxRecordBytes = kMaxContentBytes + 1024;

/// The argument of DESCRIBE. `content` is a view: whoever makes one keeps the bytes.
struct Item {
  std::string name;
  std::string owner;
  BytesView content;
};

/// The result of DESCRIBE; `content` is the item's.
struct Description {
  std::string summary;
  std::uint32_t bytes = 0;
  /// Whether the content is printable ASCII.
  bool text = false;
  BytesView content;
};

void put_numbers(XdrEncoder& out, const std::vector<std::int64_t>& numbers);
std::vector<std::int64_t> take_numbers(XdrDecoder& in);
void put_item(XdrEncoder& out, const Item& item);
Item take_item(XdrDecoder& in);
void put_description(XdrEncoder& out, const Description& description);
Description take_description(XdrDecoder& in);

/// The sum modulo 2^64, as two's complement has it: the result of SUM is one hyper, whatever the numbers are.
std::int64_t sum_of(const std::vector<std::int64_t>& numbers);
Description description_of(const Item& item);

/// The server's side of the program.
const Program& scope_program();

}  // namespace ipc::rpc
