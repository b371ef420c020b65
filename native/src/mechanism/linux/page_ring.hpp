/// Buffers of whole pages that are filled in turn, for calls that hand the pages themselves to the kernel.
#pragma once

#include <cstddef>

namespace ipc {

class PageRing {
 public:
  /// `count` buffers of at least `bytes` each, on huge pages where the system gives them (MADV_HUGEPAGE, madvise(2)), and
  /// touched. `valid` tells whether there was memory for it.
  PageRing(std::size_t bytes, std::size_t count);
  ~PageRing();
  PageRing(const PageRing&) = delete;
  PageRing& operator=(const PageRing&) = delete;

  bool valid() const { return memory_ != nullptr; }
  std::size_t count() const { return count_; }
  std::byte* operator[](std::size_t index) const { return memory_ + index * stride_; }

  /// The buffer after this one.
  std::size_t after(std::size_t index) const { return index + 1 == count_ ? 0 : index + 1; }

 private:
  std::size_t stride_;
  std::size_t count_;
  std::size_t mapped_;
  std::byte* memory_ = nullptr;
};

/// Pages that this many bytes take.
std::size_t pages_of(std::size_t bytes);

}  // namespace ipc
