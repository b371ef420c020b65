#include "peer/message_io.hpp"

#include <memory>
#include <vector>

#include "check.hpp"

using namespace ipc;

namespace {

Found checked(PeerSlot& slot, MessageWriter& writer, Verify verify, std::uint64_t sequence, std::size_t damaged) {
  MessageChecker checker(slot, writer.size(), verify, false);
  std::byte* message = writer.make(sequence, 0);
  if (damaged < writer.size()) message[damaged] ^= std::byte{1};
  return checker.check(message, read_header(message, writer.size()));
}

constexpr std::size_t kUndamaged = ~std::size_t{0};

}  // namespace

CASE("both checksums agree at every size") {
  std::vector<std::byte> data(200);
  fill_payload(data.data(), data.size(), 42);
  for (std::size_t size = 0; size <= data.size(); ++size) {
    EQUAL(checksum(data.data(), size), checksum_portable(data.data(), size));
  }
}

CASE("the checksum differs with the length") {
  std::vector<std::byte> zeros(100);
  for (std::size_t size = 1; size <= zeros.size(); ++size) {
    HOLDS(checksum(zeros.data(), size) != checksum(zeros.data(), size - 1));
  }
}

CASE("a flipped bit anywhere in the payload is found") {
  const auto slot = std::make_unique<PeerSlot>();
  MessageWriter writer(300, Verify::full, false);
  HOLDS(checked(*slot, writer, Verify::full, 0, kUndamaged) == Found::good);
  for (std::size_t at = kHeaderBytes; at < 300; ++at) {
    HOLDS(checked(*slot, writer, Verify::full, 0, at) == Found::bad);
  }
  EQUAL(slot->corrupt.get(), 1U);  // each checker counts anew
}

CASE("a wrong length is found") {
  const auto slot = std::make_unique<PeerSlot>();
  MessageWriter writer(64, Verify::full, false);
  HOLDS(checked(*slot, writer, Verify::full, 0, 16) == Found::bad);
}

CASE("small messages carry what fits of the header") {
  for (const std::size_t size : {1, 7, 8, 15, 16, 23}) {
    std::vector<std::byte> message(size + 1, std::byte{0x55});
    write_header(message.data(), size, {0x0102030405060708, 99, 1, 2});
    HOLDS(message[size] == std::byte{0x55});
    const Header header = read_header(message.data(), size);
    const std::uint64_t mask = size >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * size)) - 1;
    EQUAL(header.sequence, 0x0102030405060708 & mask);
    EQUAL(header.sent_ns, size >= 16 ? 99U : 0U);
    EQUAL(header.length, size);
  }
}

CASE("without order a torn message is told from a corrupt one") {
  const auto slot = std::make_unique<PeerSlot>();
  MessageWriter writer(64, Verify::sequence, true);
  MessageChecker checker(*slot, 64, Verify::sequence, true);
  std::vector<std::byte> older(writer.make(0, 0), writer.make(0, 0) + 64);
  std::byte* message = writer.make(1, 0);
  std::copy(older.begin() + 32, older.end(), message + 32);
  HOLDS(checker.check(message, read_header(message, 64)) == Found::bad);
  EQUAL(slot->torn.get(), 1U);
  EQUAL(slot->corrupt.get(), 0U);
}

CASE("damage to the number and to the time is found under full verification, at every size that has a checksum") {
  const auto slot = std::make_unique<PeerSlot>();
  for (const std::size_t size : {24, 25, 64, 300}) {
    MessageWriter writer(size, Verify::full, false);
    for (std::size_t at = 0; at < kHeaderBytes; ++at) {
      HOLDS(checked(*slot, writer, Verify::full, 0, at) == Found::bad);
      EQUAL(slot->corrupt.get(), 1U);
      EQUAL(slot->lost.get(), 0U);
    }
    HOLDS(checked(*slot, writer, Verify::full, 0, kUndamaged) == Found::good);
  }
}
