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

CASE("what the sender did not make for this verification is not missed, damage after that is found") {
  const auto slots = std::make_unique<PeerSlot[]>(2);
  PeerSlot& sender = slots[0];
  PeerSlot& finder = slots[1];
  MessageWriter writer(64, Verify::sequence, false);
  MessageChecker checker(finder, 64, Verify::sequence, false, {1, false, &sender});
  sender.making.store(Making{0, Verify::sequence}.packed());
  std::uint64_t number = 0;
  const auto send = [&](std::size_t damaged = kUndamaged) {
    std::byte* message = writer.make(number++, 0);
    if (damaged < 64) message[damaged] ^= std::byte{1};
    return checker.check(message, read_header(message, 64));
  };
  HOLDS(send() == Found::good);
  // The consumer is the first to hear of the change: the sender has not made checksums yet.
  checker.turn(Verify::full, 1);
  HOLDS(send() == Found::good);
  // The sender makes them from number 4 on; 2 and 3 were under way.
  sender.making.store(Making{4, Verify::full}.packed());
  HOLDS(send() == Found::good);
  HOLDS(send() == Found::good);
  writer.turn(Verify::full);
  HOLDS(send() == Found::good);
  HOLDS(send(40) == Found::bad);
  HOLDS(send() == Found::good);
  // And back: now the sender is first.
  sender.making.store(Making{7, Verify::sequence}.packed());
  writer.turn(Verify::sequence);
  HOLDS(send() == Found::good);
  checker.turn(Verify::sequence, number);
  HOLDS(send() == Found::good);
  EQUAL(finder.corrupt.get(), 1U);
  EQUAL(finder.lost.get() + finder.duplicated.get() + finder.reordered.get(), 0U);
}

CASE("a length that is wrong is found whatever the sender makes") {
  const auto slots = std::make_unique<PeerSlot[]>(2);
  MessageWriter writer(64, Verify::sequence, false);
  slots[0].making.store(Making{100, Verify::sequence}.packed());
  MessageChecker checker(slots[1], 64, Verify::full, false, {1, false, &slots[0]});
  std::byte* message = writer.make(0, 0);
  message[16] ^= std::byte{1};
  HOLDS(checker.check(message, read_header(message, 64)) == Found::bad);
}

CASE("after a time without verification the numbers are followed from the first that arrives, at every size") {
  for (const std::size_t size : {1, 2, 7, 8, 24, 64}) {
    const auto slot = std::make_unique<PeerSlot>();
    MessageWriter writer(size, Verify::sequence, false);
    MessageChecker checker(*slot, size, Verify::sequence, false);
    const auto check = [&](std::uint64_t number) {
      const std::byte* message = writer.make(number, 0);
      return checker.check(message, read_header(message, size));
    };
    for (std::uint64_t number = 0; number < 10; ++number) HOLDS(check(number) == Found::good);
    checker.turn(Verify::none, 10);
    for (std::uint64_t number = 10; number < 100'000; ++number) HOLDS(check(number) == Found::good);
    checker.turn(Verify::sequence, 100'000);
    HOLDS(check(100'000) == Found::good);
    EQUAL(slot->lost.get(), 0U);
    // What is missing from here on counts again.
    HOLDS(check(100'003) == Found::good);
    EQUAL(slot->lost.get(), 2U);
    checker.finish();
    EQUAL(slot->expected.get(), 100'004U);
    EQUAL(slot->unfollowed.get(), 0U);
  }
}

CASE("where nothing arrives any more after such a time, nobody says what is missing") {
  const auto slot = std::make_unique<PeerSlot>();
  MessageWriter writer(64, Verify::sequence, false);
  MessageChecker checker(*slot, 64, Verify::none, false);
  checker.turn(Verify::sequence, 50);
  checker.finish();
  EQUAL(slot->unfollowed.get(), 1U);
}

CASE("a message that was sent before the numbers were followed again is neither late nor repeated") {
  SequenceCheck check(64);
  for (std::uint64_t number = 0; number < 5; ++number) check.check(number);
  check.check(6);
  EQUAL(check.counts().lost, 1U);
  check.resume_at(1000);
  HOLDS(check.check(1000));
  check.check(998);
  EQUAL(check.counts().total(), 1U);
  check.check(1000);
  EQUAL(check.counts().duplicated, 1U);
}
