/// Making the messages of a producer, and checking those of a consumer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include "measure/integrity.hpp"
#include "measure/message.hpp"
#include "peer/context.hpp"

namespace ipc {

/// Bytes in front of a message that its channel may write, for calls that want more than the message in one piece.
inline constexpr std::size_t kHeadroomBytes = 64;

/// A message's buffer: aligned to cache lines, and touched once so that no page fault falls into the measured time.
class MessageBuffer {
 public:
  explicit MessageBuffer(std::size_t size)
      : bytes_(static_cast<std::byte*>(::operator new(kHeadroomBytes + size, std::align_val_t{64}))), size_(size) {
    fill_payload(data(), size, 0);
  }
  std::byte* data() { return bytes_.get() + kHeadroomBytes; }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(std::byte* bytes) const { ::operator delete(bytes, std::align_val_t{64}); }
  };
  std::unique_ptr<std::byte, Free> bytes_;
  std::size_t size_;
};

/// Without any order between the two sides, the end of a message repeats its sequence number, so that a torn read is
/// found even where no checksum is taken. The least size that has room for it.
inline constexpr std::size_t kTailStampBytes = 32;

class MessageWriter {
 public:
  /// `sender`: which of several producers this is, from 0.
  MessageWriter(std::size_t size, Verify verify, bool unordered, std::uint64_t sender = 0)
      : buffer_(size), sender_(sender << kSenderShift), unordered_(unordered) {
    turn(verify);
  }

  /// Makes messages for this verification from the next one on. Inline, lest its address keep the writer out of registers.
  [[gnu::always_inline]] void turn(Verify verify) {
    const std::size_t size = buffer_.size();
    sealed_ = verify == Verify::full && size >= kHeaderBytes;
    stamped_ = unordered_ && verify == Verify::sequence && size >= kTailStampBytes;
    lasting_ = size >= kHeaderBytes && !sealed_ && !stamped_;
    sent_ns_ = 0;
    write_header(buffer_.data(), size, {0, 0, static_cast<std::uint32_t>(size), 0});
  }

  /// The message with this number, ready to be sent. `sent_ns` 0: its latency is not taken.
  [[gnu::always_inline]] std::byte* make(std::uint64_t number, std::uint64_t sent_ns) {
    const std::uint64_t sequence = sender_ | number;
    if (lasting_) [[likely]] {
      // The rest of the message is as it was: a number changes, and now and then a time.
      std::memcpy(buffer_.data(), &sequence, 8);
      if ((sent_ns | sent_ns_) != 0) [[unlikely]] {
        std::memcpy(buffer_.data() + 8, &sent_ns, 8);
        sent_ns_ = sent_ns;
      }
      return buffer_.data();
    }
    compose(buffer_.data(), sequence, sent_ns);
    return buffer_.data();
  }

  /// The same, made in place: in `size` bytes of the channel's own, which have been touched before.
  const std::byte* make_at(std::byte* at, std::uint64_t number, std::uint64_t sent_ns) const {
    compose(at, sender_ | number, sent_ns);
    return at;
  }
  std::size_t size() const { return buffer_.size(); }

 private:
  void compose(std::byte* at, std::uint64_t sequence, std::uint64_t sent_ns) const {
    Header header{sequence, sent_ns, static_cast<std::uint32_t>(buffer_.size()), 0};
    if (sealed_) {
      std::byte* payload = at + kHeaderBytes;
      const std::size_t size = buffer_.size() - kHeaderBytes;
      fill_payload(payload, size, sequence);
      header.checksum = sealed(checksum(payload, size), sequence, sent_ns);
    }
    write_header(at, buffer_.size(), header);
    if (stamped_) std::memcpy(at + buffer_.size() - 8, &sequence, 8);
  }

  MessageBuffer buffer_;
  std::uint64_t sender_;
  bool unordered_;
  bool sealed_ = false;
  bool stamped_ = false;
  /// From one message to the next only number and time change.
  bool lasting_ = false;
  std::uint64_t sent_ns_ = 0;
};

/// What a check found.
enum class Found { good, repeated, bad };

/// Whose messages a consumer takes.
struct Senders {
  std::uint64_t count = 1;
  /// Other consumers take from the same channel, so that some messages never come here.
  bool shared = false;
  /// Their slots, in which they tell how they make their messages; null where that never changes.
  const PeerSlot* slots = nullptr;
};

class MessageChecker {
 public:
  MessageChecker(PeerSlot& slot, std::size_t size, Verify verify, bool unordered, const Senders& senders = {})
      : slot_(slot),
        size_(size),
        verify_(verify),
        unordered_(unordered),
        plain_(senders.count == 1 && !senders.shared),
        shared_(senders.shared),
        quick_(verify == Verify::sequence && !unordered),
        senders_(senders.slots),
        sequences_(senders.count, SequenceCheck(plain_ ? sequence_bits(size) : kSenderShift)) {}

  /// Checks a message that arrived, and publishes what changed.
  [[gnu::always_inline]] Found check(const std::byte* message, const Header& header) {
    if (verify_ == Verify::none) return Found::good;
    const bool intact = quick_ ? header.length == size_ : inspect(message, header);
    if (plain_) [[likely]] {
      if (intact && sequences_.front().check(header.sequence)) [[likely]] return Found::good;
      return irregular(header, intact, sequences_.front());
    }
    return check_sender(header, intact);
  }

  /// Counts a message of which not even the size is right; which one it was, nobody knows.
  void count_cut();

  /// Checks like this from the next message on; `messages` have arrived so far. Messages that are under way may have been
  /// made for another verification: what they never had is not missed (`made_otherwise`). After a time without any
  /// verification the numbers are followed from the first one that arrives.
  void turn(Verify verify, std::uint64_t messages);

  /// Publishes how far the sequences got, all senders added up; called once at the end.
  void finish();

 private:
  bool inspect(const std::byte* message, const Header& header);
  /// Whether the sender did not make this message for the verification that failed.
  bool made_otherwise(const Header& header) const;
  /// Takes a whole message's number for the one that is due, where that is not known.
  void join(const Header& header);
  bool content_intact(const std::byte* message, const Header& header) const;
  Found check_sender(const Header& header, bool intact);
  Found irregular(const Header& header, bool intact, SequenceCheck& sequence);
  /// Tells of what `sequence` found, and publishes the counts. True when the message had come before.
  bool tell(SequenceCheck& sequence);

  PeerSlot& slot_;
  std::size_t size_;
  Verify verify_;
  bool unordered_;
  /// One sender, and every message of it comes here.
  bool plain_;
  bool shared_;
  /// The length and the numbers are all there is to check.
  bool quick_;
  const PeerSlot* senders_;
  /// Senders, a bit each, of whose messages it is not known which is due.
  std::uint64_t joining_ = 0;
  /// Messages that had arrived when nothing was verified any more, and that arrived until something was again.
  std::uint64_t unwatched_from_ = 0;
  std::uint64_t unwatched_ = 0;
  std::vector<SequenceCheck> sequences_;
};

}  // namespace ipc
