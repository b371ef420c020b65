/// The first faults that a consumer finds: which message, and which one was due. A list in shared memory, written by one peer
/// and read by the supervisor.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ipc {

enum class FaultKind : std::uint32_t { lost, corrupt, torn, duplicated, reordered };
inline constexpr std::size_t kFaultKinds = 5;

constexpr const char* name_of(FaultKind kind) {
  constexpr const char* kNames[kFaultKinds] = {"lost", "corrupt", "torn", "duplicated", "reordered"};
  return kNames[static_cast<std::size_t>(kind)];
}

struct Fault {
  FaultKind kind = FaultKind::lost;
  /// Which of several producers sent it, from 0.
  std::uint32_t sender = 0;
  /// The message at fault, counted from 0: the first of those that are missing; of a damaged one whose own number cannot be
  /// relied on, the one that was due.
  std::uint64_t sequence = 0;
  /// The message that was due.
  std::uint64_t expected = 0;
  /// Of `lost` alone: how many are missing from `sequence` on.
  std::uint64_t missing = 0;
  /// When it was found, CLOCK_MONOTONIC.
  std::uint64_t at_ns = 0;
};

class FaultList {
 public:
  /// A kind that is to be expected must not crowd out the others, so that each has so many places.
  static constexpr unsigned kOfEachKind = 4;

  /// For the peer: whether there is a place left for this kind.
  bool wants(FaultKind kind) const { return of_kind_[static_cast<std::size_t>(kind)] < kOfEachKind; }

  /// For the peer; what finds no place is only counted.
  void push(const Fault& fault) {
    if (!wants(fault.kind)) return;
    ++of_kind_[static_cast<std::size_t>(fault.kind)];
    const std::uint32_t at = written_.load(std::memory_order_relaxed);
    faults_[at] = fault;
    // release: whoever sees the new count sees the fault.
    written_.store(at + 1, std::memory_order_release);
  }

  /// For the supervisor: calls `use` with each fault not yet taken.
  template <class Use>
  void take(Use&& use) {
    const std::uint32_t end = written_.load(std::memory_order_acquire);
    for (; taken_ != end; ++taken_) use(faults_[taken_]);
  }

 private:
  /// The peer's.
  std::array<std::uint32_t, kFaultKinds> of_kind_{};
  std::atomic<std::uint32_t> written_{0};
  std::array<Fault, kFaultKinds * kOfEachKind> faults_{};
  /// The supervisor's.
  std::uint32_t taken_ = 0;
};

}  // namespace ipc
