#include "rpc/record.hpp"

#include <algorithm>

namespace ipc::rpc {

Bytes marked_record(BytesView record, std::size_t fragment_bytes) {
  Bytes stream;
  stream.reserve(record.size() + kRecordMarkBytes);
  do {
    const BytesView fragment = record.first(std::min(record.size(), fragment_bytes));
    record = record.subspan(fragment.size());
    XdrEncoder mark;
    mark.put_unsigned(record_mark(static_cast<std::uint32_t>(fragment.size()), record.empty()));
    stream.insert(stream.end(), mark.bytes().begin(), mark.bytes().end());
    stream.insert(stream.end(), fragment.begin(), fragment.end());
  } while (!record.empty());
  return stream;
}

std::span<std::byte> RecordReader::wanted() {
  if (!inside_) filled_ = 0;
  if (fragment_left_ == 0) return std::span(mark_).subspan(mark_filled_);
  return {record_.data() + filled_, fragment_left_};
}

bool RecordReader::took(std::size_t count) {
  if (count > 0) inside_ = true;
  if (fragment_left_ == 0) {
    mark_filled_ += count;
    if (mark_filled_ < kRecordMarkBytes) return false;
    mark_filled_ = 0;
    const std::uint32_t mark = XdrDecoder(mark_).get_unsigned();
    last_ = (mark & kLastFragment) != 0;
    fragment_left_ = mark & kMaxFragmentBytes;
    if (fragment_left_ > limit_ - filled_) throw RecordTooLong{limit_};
    if (record_.size() < filled_ + fragment_left_) record_.resize(filled_ + fragment_left_);
  } else {
    filled_ += count;
    fragment_left_ -= count;
  }
  if (fragment_left_ > 0 || !last_) return false;
  inside_ = false;
  return true;
}

}  // namespace ipc::rpc
