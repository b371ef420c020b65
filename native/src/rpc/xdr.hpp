/// External Data Representation (RFC 4506): how the values of a call are laid out on the wire. Big-endian, and every value
/// fills a multiple of four bytes, so that both sides agree whatever their processor and compiler are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ipc::rpc {

using Bytes = std::vector<std::byte>;
using BytesView = std::span<const std::byte>;

/// Every value takes a multiple of this many bytes (RFC 4506, section 3).
inline constexpr std::size_t kXdrUnit = 4;

/// The zero bytes that fill a value of `size` bytes up to a whole unit.
constexpr std::size_t xdr_padding(std::size_t size) { return (kXdrUnit - size % kXdrUnit) % kXdrUnit; }

enum class XdrError {
  /// The data end before the value does.
  cut_short,
  /// A length or count is above the limit that the interface sets.
  too_long,
  /// A boolean is neither 0 nor 1 (section 4.4).
  not_a_boolean,
  /// A filling byte is not zero (section 3).
  bad_padding,
  /// Bytes are left when all values have been taken.
  left_over,
};

std::string_view name_of(XdrError error);

/// Thrown by the decoder: what is wrong, and at which byte the value starts.
struct XdrFailure {
  XdrError error;
  std::size_t at;
};

class XdrEncoder {
 public:
  void put_int(std::int32_t value) { put_unsigned(static_cast<std::uint32_t>(value)); }
  void put_unsigned(std::uint32_t value);
  void put_hyper(std::int64_t value) { put_unsigned_hyper(static_cast<std::uint64_t>(value)); }
  void put_unsigned_hyper(std::uint64_t value);
  void put_bool(bool value) { put_unsigned(value ? 1 : 0); }
  /// `opaque name[n]`: the bytes alone, because both sides know how many there are.
  void put_opaque_fixed(BytesView bytes);
  /// `opaque name<>`: the length, then the bytes.
  void put_opaque(BytesView bytes);
  /// `string name<>`: as opaque data; the byte order of text does not change.
  void put_string(std::string_view text) { put_opaque(std::as_bytes(std::span(text))); }
  /// `type name<>`: the count, then each element as `put_element` writes it.
  template <class Elements, class PutElement>
  void put_array(const Elements& elements, PutElement&& put_element) {
    put_unsigned(static_cast<std::uint32_t>(std::size(elements)));
    for (const auto& element : elements) put_element(*this, element);
  }

  std::size_t size() const { return bytes_.size(); }
  BytesView bytes() const { return bytes_; }
  /// Empties it, but keeps the memory for the next message.
  void clear() { bytes_.clear(); }
  /// Takes back everything from byte `size` on.
  void cut_back(std::size_t size) { bytes_.resize(size); }
  /// Overwrites the four bytes at `at`, for what is known only at the end.
  void replace_unsigned(std::size_t at, std::uint32_t value);

 private:
  Bytes bytes_;
};

/// Takes values off the front of a message. It looks before it reads and before it allocates: whatever arrives, nothing
/// outside the message is touched, and no more memory is taken than the message is long. Throws XdrFailure.
class XdrDecoder {
 public:
  explicit XdrDecoder(BytesView bytes) : bytes_(bytes) {}

  std::int32_t get_int() { return static_cast<std::int32_t>(get_unsigned()); }
  std::uint32_t get_unsigned();
  std::int64_t get_hyper() { return static_cast<std::int64_t>(get_unsigned_hyper()); }
  std::uint64_t get_unsigned_hyper();
  bool get_bool();
  /// A view into the message.
  BytesView get_opaque_fixed(std::size_t size);
  /// A view into the message, at most `limit` bytes long.
  BytesView get_opaque(std::size_t limit);
  std::string get_string(std::size_t limit);
  /// The count of an array of at most `limit` elements, each of which takes at least `element_bytes` on the wire.
  std::uint32_t get_count(std::size_t limit, std::size_t element_bytes);

  std::size_t left() const { return bytes_.size() - at_; }
  /// Throws left_over unless everything has been taken.
  void expect_end() const;

 private:
  /// The next `size` bytes and their filling.
  BytesView take(std::size_t size);

  BytesView bytes_;
  std::size_t at_ = 0;
};

}  // namespace ipc::rpc
