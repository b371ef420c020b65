#include "mechanism/linux/ring_memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <new>

#include "mechanism/linux/backing_file.hpp"
#include "mechanism/linux/eventfd_wait.hpp"
#include "mechanism/posix/common_mutex_channel.hpp"
#include "mechanism/posix/common_semaphore_channel.hpp"
#include "mechanism/posix/mpmc_channel.hpp"
#include "mechanism/posix/mutex_channel.hpp"
#include "mechanism/posix/ring_channel.hpp"
#include "mechanism/posix/ring_sync.hpp"
#include "mechanism/posix/semaphore_channel.hpp"
#include "mechanism/posix/slot_channel.hpp"
#include "ownership/taken_name.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "system/huge_pages.hpp"
#include "system/owned_fd.hpp"

namespace ipc {

namespace {

constexpr std::uint64_t kDefaultCapacity = 1 << 20;
constexpr std::uint64_t kDefaultMessages = 4;

std::uint64_t stride_of(const Settings& settings) {
  return uses_mpmc_ring(settings) ? mpmc_stride(settings.size_bytes) : slot_stride(settings.size_bytes);
}

std::uint64_t slots_of(const Settings& settings) {
  if (settings.sync.view() == "none" || settings.rendezvous()) return 1;
  return settings.capacity_bytes / stride_of(settings);
}

/// In a tuned conversation message and signal are one cache line.
bool marks_slots(const Settings& settings) { return settings.tuned() && settings.pingpong(); }

std::uint64_t ring_size(const Settings& settings) {
  // Whole pages, so that the second ring of a conversation starts at one.
  constexpr std::uint64_t kPage = 4096;
  const std::uint64_t bytes = ring_bytes(slots_of(settings), stride_of(settings));
  return (bytes + kPage - 1) / kPage * kPage;
}

/// Tuned, one that takes the half of a huge page or more gets the whole.
std::uint64_t segment_size(const Settings& settings) {
  const std::uint64_t bytes = ring_size(settings) * (settings.pingpong() ? 2 : 1);
  return settings.tuned() && bytes >= kHugePage / 2 ? (bytes + kHugePage - 1) / kHugePage * kHugePage : bytes;
}

std::byte* map_segment(int fd, std::uint64_t size, int flags) {
  // Whole huge pages are mapped as such only where their borders lie at such addresses too.
  std::byte* const place = size % kHugePage == 0 ? reserve_aligned(size) : nullptr;
  if (place != nullptr) flags |= MAP_FIXED;
  void* address = mmap(place, size, PROT_READ | PROT_WRITE, MAP_SHARED | flags, fd, 0);
  if (address != MAP_FAILED) return static_cast<std::byte*>(address);
  const int error = errno;
  if (place != nullptr) munmap(place, size);
  errno = error;
  return nullptr;
}

int create_segment(const RingBacking& backing, const char* name) {
  int fd = backing.create(name);
  if (fd < 0 && errno == EEXIST) {
    if (!made_by_us(OwnedFd(backing.open(name)).get())) throw name_taken(backing.open_name, name);
    // Our own pid in a name that exists: left behind by a process that had this pid before.
    if (backing.remove(name) == 0) fd = backing.create(name);
  }
  if (fd < 0) throw system_failure(backing.open_name, errno);
  return fd;
}

/// Of a rendezvous, which stores nothing.
void refuse_capacity(const Settings& settings) {
  if (settings.capacity_bytes == 0) return;
  Failure failure{ErrorCode::not_supported, "a rendezvous stores nothing, so that it has no capacity",
                  "Leave --capacity out, or use --buffering bounded."};
  failure.where = "--capacity";
  failure.value = std::to_string(settings.capacity_bytes);
  failure.allowed = "0";
  throw failure;
}

void resolve_capacity(Settings& settings, std::uint64_t stride, std::uint64_t least_slots) {
  if (settings.capacity_bytes == 0) settings.capacity_bytes = std::max(kDefaultCapacity, kDefaultMessages * stride);
  if (settings.capacity_bytes >= least_slots * stride) return;
  const bool one = least_slots == 1;
  Failure failure{ErrorCode::out_of_range, one ? "the ring must hold at least one message"
                                               : "a ring without a lock must hold at least two messages",
                  one ? "Use a capacity of at least one slot, or 0 for the default."
                      : "Use a capacity of at least two slots, or 0 for the default."};
  failure.where = "--capacity";
  failure.value = std::to_string(settings.capacity_bytes);
  failure.allowed = std::to_string(least_slots * stride) + ".." + std::to_string(kMaxSlotCapacity);
  throw failure;
}

}  // namespace

void resolve_slots(Settings& settings) { resolve_capacity(settings, slot_stride(settings.size_bytes), 1); }

std::vector<OptionRow> ring_options() {
  return session_options({.max_capacity = kMaxSlotCapacity, .several = true},
                         {choice_option("sync", "--sync",
                                        {"futex", "adaptive", "spin", "eventfd", "semaphore", "mutex", "none"},
                                        &Settings::sync),
                          choice_option("buffering", "--buffering", {"bounded", "rendezvous"}, &Settings::buffering)});
}

void resolve_ring(Settings& settings) {
  refuse_unshared(settings);
  refuse_untunable(settings);
  if (settings.sync.view() == "none" && settings.pingpong()) {
    Failure failure{ErrorCode::not_supported, "without synchronisation nobody can wait for an answer",
                    "Use --pattern stream, or another --sync."};
    failure.where = "--pattern";
    failure.value = "pingpong";
    failure.allowed = "stream";
    throw failure;
  }
  if (settings.rendezvous()) {
    refuse_capacity(settings);
  } else if (uses_mpmc_ring(settings)) {
    // With one slot, "taken in this round" and "free for the next" would be the same number.
    resolve_capacity(settings, stride_of(settings), 2);
  } else {
    resolve_slots(settings);
  }
}

RingResource::RingResource(const Settings& settings, StatsPage& page, const RingBacking& backing,
                           const std::string& name)
    : settings_(settings), backing_(backing), name_(name), size_(segment_size(settings)) {
  page.object_name.assign(name_);
  if (settings.sync.view() == "eventfd") doorbells_.emplace(page);
  const OwnedFd fd(create_segment(backing_, name_.c_str()));
  try {
    allocate(fd.get(), size_, backing_.folder());
    base_ = map_segment(fd.get(), size_, 0);
    if (base_ == nullptr) throw system_failure("mmap", errno);
    if (settings.tuned() && size_ % kHugePage == 0) {
      const int error = collapse_to_huge(base_, size_);
      if (error != 0) denied_.push_back({"MADV_COLLAPSE", errno_name(error)});
    }
    rings_[0] = make_ring(base_);
    if (settings.pingpong()) rings_[1] = make_ring(base_ + ring_size(settings));
  } catch (const Failure&) {
    backing_.remove(name_.c_str());
    if (base_ != nullptr) munmap(base_, size_);
    throw;
  }
}

RingResource::~RingResource() {
  if (!removed_) backing_.remove(name_.c_str());
  munmap(base_, size_);
}

std::vector<ObjectInfo> RingResource::objects() const {
  std::vector<ObjectInfo> all = {{backing_.kind, shown_name(), "0600", size_}};
  const auto add = [&](std::vector<ObjectInfo> more) { std::move(more.begin(), more.end(), std::back_inserter(all)); };
  for (const RingHeader* ring : rings_) {
    if (ring != nullptr) add(sync_objects(settings_, name_));
  }
  if (doorbells_) add(doorbells_->objects());
  return all;
}

std::vector<int> RingResource::inherited(unsigned) const {
  return doorbells_ ? doorbells_->descriptors() : std::vector<int>();
}

void RingResource::opened() {
  // All have it mapped: without a name it goes when they go, however they end.
  backing_.remove(name_.c_str());
  removed_ = true;
}

Occupancy RingResource::occupancy(const std::vector<Child>&) {
  if (!lossless()) return {};
  const RingHeader& ring = *rings_[0];
  // tail first: it never passes head, so the difference is never below nought.
  const std::uint64_t tail = ring.tail.load(std::memory_order_acquire);
  const std::uint64_t head = ring.head.load(std::memory_order_acquire);
  // Both indices move on between the two readings; more than the capacity cannot lie there.
  const std::uint64_t used = std::min(head - tail, ring.slots);
  // What a rendezvous hands over is under way, in nothing that could hold it.
  const std::uint64_t capacity = settings_.rendezvous() ? 0 : ring.slots;
  return {used * settings_.size_bytes, used, capacity * settings_.size_bytes, capacity};
}

const std::atomic<std::uint64_t>* RingResource::message_counter(unsigned ordinal) const {
  if (!lossless() || settings_.pingpong() || uses_common_ring(settings_)) return nullptr;
  return ordinal == 0 ? &rings_[0]->head : &rings_[0]->tail;
}

bool RingResource::lossless() const { return settings_.sync.view() != "none"; }

RingHeader* RingResource::make_ring(std::byte* at) const {
  auto* ring = new (at) RingHeader;
  ring->slots = slots_of(settings_);
  ring->stride = stride_of(settings_);
  init_sync(*ring);
  if (uses_mpmc_ring(settings_)) MpmcRing::number_slots(*ring);
  if (marks_slots(settings_)) mark_slots_empty(*ring);
  return ring;
}

template <class Wait>
int run_tuned(PeerContext& context, const RingEnds& ends) {
  if (marks_slots(context.settings())) {
    RingChannel<Wait, false, false, MarkedRing> channel(context, ends);
    return run_loops(context, channel);
  }
  if (context.role() == Role::consumer) {
    RingChannel<Wait, true, true> channel(context, ends);
    return run_consumer(context, channel);
  }
  RingChannel<Wait, true> channel(context, ends);
  return run_loops(context, channel);
}

int ring_peer(PeerContext& context, const RingBacking& backing) {
  const Settings& settings = context.settings();
  const FixedText<128>& name = context.page().object_name;
  const int fd = traced<true>(context, backing.open_call, -1, 0, [&] { return backing.open(name.bytes); });
  if (fd < 0) return context.end(context.failed(backing.open_name, errno));
  const std::uint64_t size = segment_size(settings);
  std::byte* base = nullptr;
  // Populated at once, so that no page fault falls into the measured time that is not the file system's own.
  traced<true>(context, CallName::mmap, fd, size, [&] {
    base = map_segment(fd, size, MAP_POPULATE);
    return base == nullptr ? -1 : 0;
  });
  if (base == nullptr) return context.end(context.failed("mmap", errno));
  ::close(fd);

  auto* forth = std::launder(reinterpret_cast<RingHeader*>(base));
  RingHeader* back =
      settings.pingpong() ? std::launder(reinterpret_cast<RingHeader*>(base + ring_size(settings))) : nullptr;
  const RingEnds ends = context.role() == Role::producer ? RingEnds{forth, back} : RingEnds{back, forth};
  const auto run = [&]<class Channel>() {
    Channel channel(context, ends);
    return run_loops(context, channel);
  };
  const std::string_view sync = settings.sync.view();
  if (uses_common_ring(settings)) {
    const bool meets = settings.rendezvous();
    if (sync == "futex") return run.operator()<MpmcChannel<true>>();
    if (sync == "spin") return run.operator()<MpmcChannel<false>>();
    if (sync == "semaphore") {
      return meets ? run.operator()<CommonSemaphoreChannel<true>>() : run.operator()<CommonSemaphoreChannel<false>>();
    }
    return meets ? run.operator()<CommonMutexChannel<true>>() : run.operator()<CommonMutexChannel<false>>();
  }
  if (sync == "none") return run.operator()<SlotChannel>();
  if (sync == "semaphore") return run.operator()<SemaphoreChannel>();
  if (sync == "mutex") return run.operator()<MutexChannel>();
  if (sync == "eventfd") return run.operator()<RingChannel<EventfdWait>>();
  if (settings.tuned()) {
    // Who finds in place what was gathered is soon through with it: asleep at once, it would have to be woken for every batch.
    return sync == "spin" ? run_tuned<SpinWait>(context, ends) : run_tuned<AdaptiveWait>(context, ends);
  }
  if (sync == "spin") return run.operator()<RingChannel<SpinWait>>();
  if (sync == "adaptive") return run.operator()<RingChannel<AdaptiveWait>>();
  return run.operator()<RingChannel<FutexWait>>();
}

}  // namespace ipc
