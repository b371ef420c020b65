#include "rpc/program.hpp"

#include <algorithm>

namespace ipc::rpc {

namespace {

void serve_null(XdrDecoder& in, XdrEncoder&) { in.expect_end(); }

void serve_echo(XdrDecoder& in, XdrEncoder& out) {
  const BytesView content = in.get_opaque(kMaxContentBytes);
  in.expect_end();
  out.put_opaque(content);
}

void serve_sum(XdrDecoder& in, XdrEncoder& out) {
  const std::vector<std::int64_t> numbers = take_numbers(in);
  in.expect_end();
  out.put_hyper(sum_of(numbers));
}

void serve_describe(XdrDecoder& in, XdrEncoder& out) {
  const Item item = take_item(in);
  in.expect_end();
  put_description(out, description_of(item));
}

}  // namespace

void put_numbers(XdrEncoder& out, const std::vector<std::int64_t>& numbers) {
  out.put_array(numbers, [](XdrEncoder& to, std::int64_t number) { to.put_hyper(number); });
}

std::vector<std::int64_t> take_numbers(XdrDecoder& in) {
  std::vector<std::int64_t> numbers(in.get_count(kMaxNumbers, 8));
  for (std::int64_t& number : numbers) number = in.get_hyper();
  return numbers;
}

void put_item(XdrEncoder& out, const Item& item) {
  out.put_string(item.name);
  out.put_string(item.owner);
  out.put_opaque(item.content);
}

Item take_item(XdrDecoder& in) {
  Item item;
  item.name = in.get_string(kMaxLabelBytes);
  item.owner = in.get_string(kMaxLabelBytes);
  item.content = in.get_opaque(kMaxContentBytes);
  return item;
}

void put_description(XdrEncoder& out, const Description& description) {
  out.put_string(description.summary);
  out.put_unsigned(description.bytes);
  out.put_bool(description.text);
  out.put_opaque(description.content);
}

Description take_description(XdrDecoder& in) {
  Description description;
  description.summary = in.get_string(kMaxSummaryBytes);
  description.bytes = in.get_unsigned();
  description.text = in.get_bool();
  description.content = in.get_opaque(kMaxContentBytes);
  return description;
}

std::int64_t sum_of(const std::vector<std::int64_t>& numbers) {
  std::uint64_t sum = 0;
  for (const std::int64_t number : numbers) sum += static_cast<std::uint64_t>(number);
  return static_cast<std::int64_t>(sum);
}

Description description_of(const Item& item) {
  const auto printable = [](std::byte byte) { return byte >= std::byte{0x20} && byte < std::byte{0x7f}; };
  const std::size_t size = item.content.size();
  return {item.name + " of " + item.owner + ", " + std::to_string(size) + (size == 1 ? " byte" : " bytes"),
          static_cast<std::uint32_t>(size), std::all_of(item.content.begin(), item.content.end(), printable),
          item.content};
}

const Program& scope_program() {
  static const auto number = [](ProcedureNumber procedure) { return static_cast<std::uint32_t>(procedure); };
  static const Program program = {kProgram,
                                  kVersion,
                                  kVersion,
                                  {{number(ProcedureNumber::null), serve_null},
                                   {number(ProcedureNumber::echo), serve_echo},
                                   {number(ProcedureNumber::sum), serve_sum},
                                   {number(ProcedureNumber::describe), serve_describe}}};
  return program;
}

}  // namespace ipc::rpc
