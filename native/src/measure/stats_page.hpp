/// The stats page: one piece of shared memory through which the supervisor steers the peers and watches them.
///
/// Every cell has one writer. Counters are published with relaxed stores, because nobody infers anything from the
/// order in which two of them change; what each peer writes often has a cache line of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <type_traits>

#include "measure/call_log.hpp"
#include "measure/call_sample.hpp"
#include "measure/fault_list.hpp"
#include "measure/histogram.hpp"
#include "measure/integrity.hpp"
#include "options/settings.hpp"
#include "system/cpus.hpp"

namespace ipc {

enum class Role : std::uint32_t { producer, consumer };
constexpr const char* name_of(Role role) { return role == Role::producer ? "producer" : "consumer"; }

/// A counter with one writer, who keeps its value in a local variable.
class Counter {
 public:
  void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "a lock would not work between processes");

/// What the supervisor wants the peers to do.
enum class Order : std::uint32_t {
  /// Producers wait; consumers take what is there.
  hold,
  run,
  /// Producers finish and close; consumers take the rest and end.
  stop,
};

/// Written by the supervisor alone. `epoch` changes after every change of the others, and is the futex word on which
/// waiting peers sleep.
struct alignas(64) Control {
  std::atomic<std::uint32_t> epoch{0};
  std::atomic<Order> order{Order::hold};
  /// The other side is dead: nobody will answer any more.
  std::atomic<std::uint32_t> abandoned{0};
  /// Messages that all producers together send from now on before they end by themselves; 0: no bound.
  std::atomic<std::uint64_t> limit{0};
  /// Of all producers together.
  std::atomic<std::uint64_t> rate_per_s{0};
  std::atomic<std::uint64_t> consumer_delay_us{0};
  std::atomic<Verify> verify{Verify::sequence};
};

/// For which verification a producer makes its messages, and from which number on: in one word, so that nobody reads half of
/// a change. Of messages before that number, which may still be under way, it says nothing.
struct Making {
  std::uint64_t since = 0;
  Verify verify = Verify::none;

  std::uint64_t packed() const { return since << 2 | static_cast<std::uint64_t>(verify); }
  static Making unpacked(std::uint64_t word) { return {word >> 2, static_cast<Verify>(word & 3)}; }
};

/// Where the time of remote calls goes, of those that are sampled. Each part of it has one writer.
struct CallTimes {
  /// The client's: twice the number of sampled calls, and odd while their totals (ns) change, so that a reader can tell
  /// whether what it read belongs together.
  alignas(64) std::atomic<std::uint64_t> version{0};
  Counter marshal_ns;
  Counter transport_ns;
  Counter execute_ns;
  Counter unmarshal_ns;
  /// The client's: the number of the call that is being sampled, so that the server times it too. 0: none so far.
  alignas(64) std::atomic<std::uint32_t> sampled_xid{0};
  /// The server's: of the last sampled call, ns; written before its reply leaves.
  alignas(64) Counter server_marshal_ns;
  Counter server_execute_ns;
  Counter server_unmarshal_ns;
};

/// How a peer reaches the channel: descriptor numbers, -1 where there is none.
struct Endpoint {
  std::int32_t send_fd = -1;
  std::int32_t receive_fd = -1;
};

/// Producers, and consumers.
inline constexpr unsigned kMaxPeers = 2 * 64;

struct PeerSlot {
  /// Changes with every message. In a dialogue: of those sent and those received.
  alignas(64) Counter messages;

  /// Changes when something unusual happens.
  alignas(64) Counter lost;
  Counter corrupt;
  Counter torn;
  Counter duplicated;
  Counter reordered;
  /// One past the highest sequence number seen.
  Counter expected;
  /// 1 when the peer ended before it knew again which number is due, after a time in which nothing was verified.
  Counter unfollowed;
  /// A producer's, packed.
  std::atomic<std::uint64_t> making{0};

  /// Calls beyond the usual number a message.
  alignas(64) Counter extra_calls;
  Counter would_block;
  Counter waits;
  /// Times that the peer slept of its own accord: pacing, consumer delay, hold.
  Counter sleeps;
  /// Sends that asked for no copy (MSG_ZEROCOPY), and those of them that the kernel copied after all.
  Counter zerocopy_sends;
  Counter zerocopy_copied;
  /// When the peer ended in order, ns; 0 before.
  Counter finished_ns;
  /// The epoch in which a producer stood still.
  std::atomic<std::uint32_t> parked_epoch{0};
  std::atomic<std::uint32_t> ready{0};
  /// The producer sent as many messages as were asked for.
  std::atomic<std::uint32_t> reached_limit{0};
  /// `extra_calls` are all calls there are: several messages share one.
  std::atomic<std::uint32_t> calls_counted_singly{0};
  /// errno of the call that told the peer that the other side is gone; 0 otherwise.
  std::atomic<std::int32_t> broken_errno{0};
  /// What stopped a peer that could not work: errno, and the call.
  std::atomic<std::int32_t> failed_errno{0};
  FixedText<64> failed_call;

  Endpoint endpoint;
  FaultList faults;
  /// In a dialogue: where the supervisor hands over what to say, and is told of what arrived.
  std::int32_t talk_fd = -1;
  /// In a dialogue, where messages differ in length: bytes of all of `messages`.
  Counter bytes;
  alignas(64) CallLog calls;
  alignas(64) Histogram latency;
};

/// As many slots as the session has processes; they lie behind the page.
class alignas(64) PeerSlots {
 public:
  PeerSlot& operator[](std::size_t ordinal) { return reinterpret_cast<PeerSlot*>(this + 1)[ordinal]; }
};

struct StatsPage {
  static constexpr std::uint64_t kMagic = 0x31306570'6f635369;

  std::uint64_t magic = kMagic;
  std::uint32_t version = 1;
  std::uint32_t supervisor_pid = 0;
  Settings settings;
  /// The name of the object in the system, where it has one.
  FixedText<128> object_name;
  CpuSharing sharing = CpuSharing::some;
  /// CPU for each process, -1 for any, by ordinal: producers first.
  std::int32_t cpus[kMaxPeers] = {};
  /// Under broadcast: where the producer sends to reach each of the consumers.
  std::int32_t broadcast_fds[kMaxPeers / 2] = {};
  /// Of sockets with several peers: the producer's and the consumer's end of each connection.
  Endpoint connections[kMaxPeers / 2] = {};
  Control control;
  /// Producers that have sent their last message. The only cell with several writers, each of which writes once.
  std::atomic<std::uint32_t> finished_producers{0};
  /// Of remote procedure calls only.
  CallTimes call_times;
  CallSample call_sample;
  /// The last member: the slots themselves follow.
  PeerSlots slots;
};
static_assert(sizeof(StatsPage) % alignof(PeerSlot) == 0);

/// A mapping of the page, in the supervisor (who creates it) or in a peer (who inherits the descriptor).
class PageMapping {
 public:
  /// Creates the page for so many peers, without a name, so that nothing of it can be left behind. Throws Failure.
  explicit PageMapping(const Settings& settings);
  /// Maps an inherited page; throws Failure when the descriptor holds none.
  explicit PageMapping(int fd);
  ~PageMapping();
  PageMapping(const PageMapping&) = delete;
  PageMapping& operator=(const PageMapping&) = delete;

  StatsPage& operator*() const { return *page_; }
  StatsPage* operator->() const { return page_; }
  int fd() const { return fd_; }

 private:
  StatsPage* page_ = nullptr;
  std::size_t bytes_ = 0;
  int fd_ = -1;
};

}  // namespace ipc
