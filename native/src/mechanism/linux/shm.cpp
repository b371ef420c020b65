/// POSIX shared memory (shm_overview(7)): a ring in a segment that both processes map, or a bare slot without order.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <new>

#include "catalogue/catalogue.hpp"
#include "mechanism/posix/shm_channel.hpp"
#include "ownership/names.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"

namespace ipc {

namespace {

constexpr std::uint64_t kMaxCapacity = 1 << 30;
constexpr std::uint64_t kDefaultCapacity = 1 << 20;
constexpr std::uint64_t kDefaultMessages = 4;

std::uint64_t slots_of(const Settings& settings) {
  if (settings.sync.view() == "none") return 1;
  return settings.capacity_bytes / slot_stride(settings.size_bytes);
}

std::uint64_t ring_size(const Settings& settings) {
  // Whole pages, so that the second ring of a conversation starts at one.
  constexpr std::uint64_t kPage = 4096;
  const std::uint64_t bytes = ring_bytes(slots_of(settings), slot_stride(settings.size_bytes));
  return (bytes + kPage - 1) / kPage * kPage;
}

std::uint64_t segment_size(const Settings& settings) { return ring_size(settings) * (settings.pingpong() ? 2 : 1); }

void resolve(Settings& settings) {
  const std::uint64_t stride = slot_stride(settings.size_bytes);
  if (settings.sync.view() == "none" && settings.pingpong()) {
    Failure failure{ErrorCode::not_supported, "without synchronisation nobody can wait for an answer",
                    "Use --pattern stream, or another --sync."};
    failure.where = "--pattern";
    failure.value = "pingpong";
    failure.allowed = "stream";
    throw failure;
  }
  if (settings.capacity_bytes == 0) settings.capacity_bytes = std::max(kDefaultCapacity, kDefaultMessages * stride);
  if (settings.capacity_bytes < stride) {
    Failure failure{ErrorCode::out_of_range, "the ring must hold at least one message",
                    "Use a capacity of at least one slot, or 0 for the default."};
    failure.where = "--capacity";
    failure.value = std::to_string(settings.capacity_bytes);
    failure.allowed = std::to_string(stride) + ".." + std::to_string(kMaxCapacity);
    throw failure;
  }
}

std::byte* map_segment(int fd, std::uint64_t size, int flags) {
  void* address = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | flags, fd, 0);
  return address == MAP_FAILED ? nullptr : static_cast<std::byte*>(address);
}

class ShmResource final : public Resource {
 public:
  ShmResource(const Settings& settings, StatsPage& page)
      : settings_(settings), name_("/" + object_name(getpid(), "shm-0")), size_(segment_size(settings)) {
    page.object_name.assign(name_);
    const int fd = create_segment();
    // Taken now, so that a full /dev/shm is an error here and not a SIGBUS in a peer later.
    const int refused = posix_fallocate(fd, 0, static_cast<off_t>(size_));
    base_ = refused == 0 ? map_segment(fd, size_, 0) : nullptr;
    const int error = refused != 0 ? refused : errno;
    ::close(fd);
    if (base_ == nullptr) {
      shm_unlink(name_.c_str());
      throw system_failure(refused != 0 ? "posix_fallocate" : "mmap", error);
    }
    rings_[0] = make_ring(base_);
    if (settings.pingpong()) rings_[1] = make_ring(base_ + ring_size(settings));
  }

  ~ShmResource() override {
    if (!unlinked_) shm_unlink(name_.c_str());
    munmap(base_, size_);
  }

  std::vector<ObjectInfo> objects() const override {
    std::vector<ObjectInfo> all = {{"shared_memory", name_, "0600", size_}};
    if (settings_.sync.view() == "semaphore") {
      for (const RingHeader* ring : rings_) {
        if (ring == nullptr) continue;
        all.push_back({"semaphore", "filled, in " + name_, "0600", std::nullopt});
        all.push_back({"semaphore", "vacant, in " + name_, "0600", std::nullopt});
      }
    }
    return all;
  }

  std::vector<int> inherited(unsigned) const override { return {}; }
  void started() override {}

  void opened() override {
    // Both have it mapped: without a name it goes when they go, however they end.
    shm_unlink(name_.c_str());
    unlinked_ = true;
  }

  Occupancy occupancy(const std::vector<Child>&) override {
    if (!lossless()) return {};
    const RingHeader& ring = *rings_[0];
    // tail first: it never passes head, so the difference is never below nought.
    const std::uint64_t tail = ring.tail.load(std::memory_order_acquire);
    const std::uint64_t head = ring.head.load(std::memory_order_acquire);
    // Both indices move on between the two readings; more than the capacity cannot lie there.
    const std::uint64_t used = std::min(head - tail, ring.slots);
    return {used * settings_.size_bytes, used, ring.slots * settings_.size_bytes, ring.slots};
  }

  const std::atomic<std::uint64_t>* message_counter(unsigned ordinal) const override {
    if (!lossless() || settings_.pingpong()) return nullptr;
    return ordinal == 0 ? &rings_[0]->head : &rings_[0]->tail;
  }

  bool lossless() const override { return settings_.sync.view() != "none"; }

 private:
  int create_segment() {
    for (int attempt = 0;; ++attempt) {
      const int fd = shm_open(name_.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
      if (fd >= 0) return fd;
      const int error = errno;
      // Our own pid in a name that exists: left behind by a process that had this pid before.
      if (error != EEXIST || attempt > 0) throw system_failure("shm_open", error);
      shm_unlink(name_.c_str());
    }
  }

  RingHeader* make_ring(std::byte* at) const {
    auto* ring = new (at) RingHeader;
    ring->slots = slots_of(settings_);
    ring->stride = slot_stride(settings_.size_bytes);
    sem_init(&ring->filled, 1, 0);
    sem_init(&ring->vacant, 1, static_cast<unsigned>(ring->slots));
    return ring;
  }

  const Settings& settings_;
  std::string name_;
  std::uint64_t size_;
  std::byte* base_ = nullptr;
  RingHeader* rings_[2] = {};
  bool unlinked_ = false;
};

int shm_peer(PeerContext& context) {
  const Settings& settings = context.settings();
  const FixedText<128>& name = context.page().object_name;
  const int fd = traced<true>(context, CallName::shm_open, -1, 0, [&] { return shm_open(name.bytes, O_RDWR | O_CLOEXEC, 0); });
  if (fd < 0) return context.end(context.failed("shm_open", errno));
  const std::uint64_t size = segment_size(settings);
  std::byte* base = nullptr;
  // Populated at once, so that no page fault falls into the measured time.
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
  if (sync == "none") return run.operator()<SlotChannel>();
  if (sync == "semaphore") return run.operator()<SemaphoreChannel>();
  if (sync == "spin") return run.operator()<RingChannel<SpinWait>>();
  return run.operator()<RingChannel<FutexWait>>();
}

}  // namespace

MechanismRow shm_mechanism() {
  return {
      "shm",
      "shared_memory",
      {"plain"},
      {"stream", "pingpong"},
      [] {
        return session_options({.max_capacity = kMaxCapacity},
                               {choice_option("sync", "--sync", {"futex", "semaphore", "spin", "none"}, &Settings::sync)});
      },
      resolve,
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<ShmResource>(settings, page);
      },
      shm_peer,
  };
}

}  // namespace ipc
