/// The operating system's object of a session, as the supervisor holds it.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "system/process.hpp"

namespace ipc {

struct ObjectInfo {
  /// pipe, socket, shared_memory …
  std::string kind;
  /// Its name in the system, or its descriptor numbers.
  std::string name;
  /// Permission bits in octal, `0600`, or `none` where the system knows none.
  std::string mode;
  std::optional<std::uint64_t> capacity_bytes;
  /// Pieces that the object is divided into, where a piece that is only partly filled counts as full.
  std::optional<std::uint64_t> slots{};
};

/// How full the channel is; what the system does not tell stays empty.
struct Occupancy {
  std::optional<std::uint64_t> used_bytes;
  std::optional<std::uint64_t> used_messages;
  std::optional<std::uint64_t> capacity_bytes;
  std::optional<std::uint64_t> capacity_messages;
  /// What else the system tells of this object, by name with unit: `rtt_ns`, `drops` …
  std::vector<std::pair<const char*, std::uint64_t>> gauges{};
};

/// Something that a variant wanted from the system and did not get, so that the session goes on without it.
struct Denied {
  /// As the system names it: `UDP_SEGMENT`, `MADV_HUGEPAGE` …
  std::string feature;
  /// The errno's name, or the setting that stands against it.
  std::string reason;
};

/// Between construction (which makes the object) and destruction (which leaves nothing of it) the supervisor calls the
/// members in the order in which they stand here.
class Resource {
 public:
  virtual ~Resource() = default;

  virtual std::vector<ObjectInfo> objects() const = 0;

  /// Told of once, when the session begins.
  virtual std::vector<Denied> denied() const { return {}; }

  /// The descriptors that the process with this ordinal inherits.
  virtual std::vector<int> inherited(unsigned ordinal) const = 0;

  /// All peers are started: the supervisor lets go of its own ends, so that they alone keep the channel open.
  virtual void started() = 0;

  /// After `started`: tells the peers of each other where they have to know; `peers` by ordinal.
  virtual void introduce(const std::vector<Child>&) {}

  /// All peers have opened what they need by name.
  virtual void opened() {}

  /// A peer is dead, or gave no sign for too long, and `Control::abandoned` is set: wakes those of the others that sleep in
  /// a call which does not end of itself. `peers` by ordinal; the dead have no pidfd. May be called more than once.
  virtual void abandon(const std::vector<Child>&) {}

  /// Called once a tick; `peers` by ordinal.
  virtual Occupancy occupancy(const std::vector<Child>& peers) = 0;

  /// Changes the capacity while the session runs; answers the one that came of it. Throws Failure.
  virtual std::uint64_t set_capacity(std::uint64_t bytes, const std::vector<Child>& peers);

  /// A word in shared memory that counts the messages of the process with this ordinal anyway, so that the process need
  /// not publish them a second time; null where there is none.
  virtual const std::atomic<std::uint64_t>* message_counter(unsigned) const { return nullptr; }

  /// Whether every message that is sent arrives.
  virtual bool lossless() const { return true; }

  /// Whether one call of the producer of a broadcast reaches every consumer.
  virtual bool one_call_for_all() const { return false; }

  /// Messages that are lost for certain and that no consumer can miss, because they carry no number.
  virtual std::uint64_t known_lost() const { return 0; }

  /// Whether a wait for the channel happens inside its one system call, where only the count of voluntary context
  /// switches gives it away.
  virtual bool waits_inside_calls() const { return false; }
};

}  // namespace ipc
