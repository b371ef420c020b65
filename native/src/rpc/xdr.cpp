#include "rpc/xdr.hpp"

#include <algorithm>

namespace ipc::rpc {

namespace {

template <class Number>
void store_big_endian(Number value, std::byte* to) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    to[i] = static_cast<std::byte>(value >> (8 * (sizeof value - 1 - i)) & 0xff);
  }
}

template <class Number>
Number load_big_endian(const std::byte* from) {
  Number value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) value = value << 8 | std::to_integer<Number>(from[i]);
  return value;
}

template <class Number>
void append(Bytes& bytes, Number value) {
  std::byte digits[sizeof value];
  store_big_endian(value, digits);
  bytes.insert(bytes.end(), digits, digits + sizeof digits);
}

}  // namespace

std::string_view name_of(XdrError error) {
  static constexpr std::string_view kNames[] = {"cut_short", "too_long", "not_a_boolean", "bad_padding", "left_over"};
  return kNames[static_cast<std::size_t>(error)];
}

void XdrEncoder::put_unsigned(std::uint32_t value) { append(bytes_, value); }

void XdrEncoder::put_unsigned_hyper(std::uint64_t value) { append(bytes_, value); }

void XdrEncoder::put_opaque_fixed(BytesView bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  bytes_.insert(bytes_.end(), xdr_padding(bytes.size()), std::byte{0});
}

void XdrEncoder::put_opaque(BytesView bytes) {
  put_unsigned(static_cast<std::uint32_t>(bytes.size()));
  put_opaque_fixed(bytes);
}

void XdrEncoder::replace_unsigned(std::size_t at, std::uint32_t value) { store_big_endian(value, bytes_.data() + at); }

BytesView XdrDecoder::take(std::size_t size) {
  // Compared in this order, because `size` comes from the message and a sum with it could overflow.
  if (size > left() || xdr_padding(size) > left() - size) throw XdrFailure{XdrError::cut_short, at_};
  const BytesView value = bytes_.subspan(at_, size);
  const BytesView filling = bytes_.subspan(at_ + size, xdr_padding(size));
  if (std::any_of(filling.begin(), filling.end(), [](std::byte byte) { return byte != std::byte{0}; })) {
    throw XdrFailure{XdrError::bad_padding, at_ + size};
  }
  at_ += size + filling.size();
  return value;
}

std::uint32_t XdrDecoder::get_unsigned() { return load_big_endian<std::uint32_t>(take(4).data()); }

std::uint64_t XdrDecoder::get_unsigned_hyper() { return load_big_endian<std::uint64_t>(take(8).data()); }

bool XdrDecoder::get_bool() {
  const std::size_t start = at_;
  const std::uint32_t value = get_unsigned();
  if (value > 1) throw XdrFailure{XdrError::not_a_boolean, start};
  return value == 1;
}

BytesView XdrDecoder::get_opaque_fixed(std::size_t size) { return take(size); }

BytesView XdrDecoder::get_opaque(std::size_t limit) {
  const std::size_t start = at_;
  const std::uint32_t length = get_unsigned();
  if (length > limit) throw XdrFailure{XdrError::too_long, start};
  return take(length);
}

std::string XdrDecoder::get_string(std::size_t limit) {
  const BytesView text = get_opaque(limit);
  return {reinterpret_cast<const char*>(text.data()), text.size()};
}

std::uint32_t XdrDecoder::get_count(std::size_t limit, std::size_t element_bytes) {
  const std::size_t start = at_;
  const std::uint32_t count = get_unsigned();
  if (count > limit) throw XdrFailure{XdrError::too_long, start};
  // Before the caller makes room for them: a short message must not be able to ask for much memory.
  if (count > left() / element_bytes) throw XdrFailure{XdrError::cut_short, start};
  return count;
}

void XdrDecoder::expect_end() const {
  if (left() != 0) throw XdrFailure{XdrError::left_over, at_};
}

}  // namespace ipc::rpc
