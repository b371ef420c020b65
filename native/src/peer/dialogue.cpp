#include "peer/dialogue.hpp"

#include <sys/uio.h>

namespace ipc {

Conversation::Conversation(PeerContext& context)
    : context_(context), talk_fd_(context.slot().talk_fd), verify_(verify_of(context.settings())) {}

std::size_t Conversation::next_to_say(std::byte* buffer) {
  ssize_t got = 0;
  do {
    got = ::recv(talk_fd_, buffer + kHeaderBytes, kMaxUtteranceBytes, 0);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return 0;
  const auto text = static_cast<std::size_t>(got);
  const Header header{next_++, now_ns(), static_cast<std::uint32_t>(kHeaderBytes + text),
                      verify_ == Verify::full ? checksum(buffer + kHeaderBytes, text) : 0};
  write_header(buffer, kHeaderBytes, header);
  return kHeaderBytes + text;
}

void Conversation::said(std::size_t bytes) { count(bytes); }

bool Conversation::plausible(const Header& header) const {
  return header.length > kHeaderBytes && header.length <= kMaxUtteranceMessage &&
         header.length <= context_.settings().size_bytes;
}

void Conversation::heard(const std::byte* message, const Header& header, std::size_t bytes) {
  const std::uint64_t now = now_ns();
  const std::byte* const text = message + kHeaderBytes;
  const std::size_t length = header.length - kHeaderBytes;
  PeerSlot& slot = context_.slot();
  slot.latency.record(now > header.sent_ns ? now - header.sent_ns : 0);
  if (verify_ != Verify::none) {
    sequence_.check(header.sequence);
    IntegrityCounts& counts = sequence_.counts();
    if (verify_ == Verify::full && header.checksum != checksum(text, length)) ++counts.corrupt;
    slot.lost.set(counts.lost);
    slot.corrupt.set(counts.corrupt);
    slot.duplicated.set(counts.duplicated);
    slot.reordered.set(counts.reordered);
  }
  count(bytes);
  UtteranceReport report{header.sequence, header.sent_ns, now, bytes};
  iovec pieces[] = {{&report, sizeof report}, {const_cast<std::byte*>(text), length}};
  msghdr letter{};
  letter.msg_iov = pieces;
  letter.msg_iovlen = 2;
  while (::sendmsg(talk_fd_, &letter, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

void Conversation::count(std::size_t bytes) {
  context_.slot().bytes.set(bytes_ += bytes);
  context_.slot().messages.set(++messages_);
}

}  // namespace ipc
