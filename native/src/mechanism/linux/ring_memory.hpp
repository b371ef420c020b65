/// Sessions over a ring in memory that both processes map: everything about it but what the memory is a part of. That is
/// what `shm` and `mmap` differ in, and nothing else: options, ways of keeping in step and channels are the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/option_table.hpp"
#include "mechanism/linux/doorbells.hpp"
#include "mechanism/posix/spsc_ring.hpp"
#include "measure/stats_page.hpp"
#include "peer/context.hpp"
#include "session/resource.hpp"

namespace ipc {

/// The greatest capacity of a ring or of a file's slots, bytes.
inline constexpr std::uint64_t kMaxSlotCapacity = 1 << 30;

/// Fills in the capacity that 0 stands for, and refuses one that does not hold a message. Throws Failure.
void resolve_slots(Settings& settings);

/// What the memory of a ring is a part of.
struct RingBacking {
  /// For people: `shared_memory`.
  const char* kind;
  /// The call that opens it, as it is named in the call log and in failures.
  CallName open_call;
  const char* open_name;
  /// The folder whose room it takes.
  std::string (*folder)();
  /// Each answers as system calls do, -1 and errno; `name` as it stands in the stats page, a descriptor on success.
  int (*create)(const char* name);
  int (*open)(const char* name);
  int (*remove)(const char* name);
};

/// The options of a session over a ring, the ways of keeping in step among them.
std::vector<OptionRow> ring_options();

/// Refuses what cannot work, and fills in the capacity. Throws Failure.
void resolve_ring(Settings& settings);

/// A peer's whole working life.
int ring_peer(PeerContext& context, const RingBacking& backing);

/// The memory with its ring, or in a conversation its two rings.
class RingResource : public Resource {
 public:
  /// `name` is put into the stats page, from which the peers take it. Throws Failure.
  RingResource(const Settings& settings, StatsPage& page, const RingBacking& backing, const std::string& name);
  ~RingResource() override;
  RingResource(const RingResource&) = delete;
  RingResource& operator=(const RingResource&) = delete;

  std::vector<ObjectInfo> objects() const override;
  std::vector<Denied> denied() const override { return denied_; }
  std::vector<int> inherited(unsigned ordinal) const override;
  void started() override {}
  void opened() override;
  Occupancy occupancy(const std::vector<Child>& peers) override;
  const std::atomic<std::uint64_t>* message_counter(unsigned ordinal) const override;
  bool lossless() const override;

 protected:
  /// How people are told of the object.
  virtual std::string shown_name() const { return name_; }

  std::byte* base() const { return base_; }
  std::uint64_t size() const { return size_; }

 private:
  RingHeader* make_ring(std::byte* at) const;

  const Settings& settings_;
  const RingBacking& backing_;
  std::string name_;
  std::uint64_t size_;
  std::byte* base_ = nullptr;
  RingHeader* rings_[2] = {};
  std::vector<Denied> denied_;
  std::optional<Doorbells> doorbells_;
  bool removed_ = false;
};

}  // namespace ipc
