/// bare-loops: the yardstick of the benchmark. What a C programmer would write to move numbered messages between two processes,
/// and nothing of the helper's own: no counters, no orders, no log. The object, its size, the calls, the rules of waiting and the
/// placement are those of the helper's plain variant, so that the difference is what the helper adds.
///
/// A run is so many messages long after so many of warm-up, and both processes sleep in between: as a counted session of the
/// helper is (--messages N --duration 0). Throughput is counted from the parent's word to the last message at the consumer. Prints
/// one line of JSON.
#include <sys/socket.h>

#include "descriptors.hpp"
#include "limits.hpp"
#include "loops.hpp"
#include "memory.hpp"
#include "queues.hpp"
#include "ring_waits.hpp"
#include "slot_file.hpp"

namespace {

using namespace bare;

void over_pipes(Session& session, void (*make)(Ends& from, Ends& to, std::uint64_t capacity)) {
  const Options& options = session.options();
  Ends ends[2];
  make(ends[0], ends[1], options.capacity);
  if (options.pingpong()) make(ends[1], ends[0], options.capacity);
  run(session, [&](Role role) { return BytePort<FileCalls>(ends[role == Role::producer ? 0 : 1]); });
}

void over_stream_sockets(Session& session, const int (&fds)[2]) {
  run(session, [&](Role role) {
    const int fd = fds[role == Role::producer ? 0 : 1];
    return BytePort<SocketCalls>(Ends{fd, fd});
  });
}

template <bool Lossy>
void over_datagrams(Session& session, const int (&fds)[2]) {
  run(session, [&](Role role) { return DatagramPort<Lossy>(fds[role == Role::producer ? 0 : 1]); });
}

void over_unix_sockets(Session& session) {
  const Options& options = session.options();
  const bool stream = options.kind.empty() || options.kind == "stream";
  if (!stream && options.kind != "datagram" && options.kind != "seqpacket") refuse("no such --kind: " + options.kind);
  int fds[2];
  make_unix_pair(fds, stream ? SOCK_STREAM : options.kind == "datagram" ? SOCK_DGRAM : SOCK_SEQPACKET, options.capacity);
  stream ? over_stream_sockets(session, fds) : over_datagrams<false>(session, fds);
}

void over_queues(Session& session) {
  const Options& options = session.options();
  if (options.kind == "sysv") {
    const SysvQueue queue(options);
    run(session, [&](Role role) { return SysvQueuePort(queue.id(), role); });
    return;
  }
  if (!options.kind.empty() && options.kind != "posix") refuse("no such --kind: " + options.kind);
  const mqd_t forth = make_posix_queue(options);
  const mqd_t back = options.pingpong() ? make_posix_queue(options) : -1;
  run(session, [&](Role role) {
    return role == Role::producer ? PosixQueuePort(forth, back) : PosixQueuePort(back, forth);
  });
}

void over_rings(Session& session) {
  const Options& options = session.options();
  const Ring forth = make_ring(options, 0);
  const Ring back = options.pingpong() ? make_ring(options, 1) : forth;
  const auto ends = [&](Role role) { return role == Role::producer ? std::pair(forth, back) : std::pair(back, forth); };
  const auto lock_free = [&]<class Wait>() {
    run(session, [&](Role role) { return RingPort<Wait>(ends(role).first, ends(role).second, options); });
  };
  if (options.sync.empty() || options.sync == "spin") {
    lock_free.operator()<Spin>();
  } else if (options.sync == "futex") {
    lock_free.operator()<Sleep<FutexBell>>();
  } else if (options.sync == "eventfd") {
    const int bells[2] = {eventfd(0, 0), eventfd(0, 0)};
    run(session, [&](Role role) {
      EventfdBell::own = bells[role == Role::producer ? 0 : 1];
      EventfdBell::other = bells[role == Role::producer ? 1 : 0];
      return RingPort<Sleep<EventfdBell>>(ends(role).first, ends(role).second, options);
    });
  } else if (options.sync == "semaphore") {
    run(session, [&](Role role) { return SemaphorePort(ends(role).first, ends(role).second); });
  } else if (options.sync == "mutex") {
    run(session, [&](Role role) { return MonitorPort(ends(role).first, ends(role).second); });
  } else {
    refuse("no such --sync: " + options.sync);
  }
}

void over_files(Session& session) {
  const Options& options = session.options();
  const std::uint64_t stride = slot_stride(options);
  const std::uint64_t slots = slot_count(options);
  const int forth = unnamed_file("bare-file-0", FilePort::bytes(slots, stride));
  const int back = options.pingpong() ? unnamed_file("bare-file-1", FilePort::bytes(slots, stride)) : -1;
  run(session, [&](Role role) {
    return role == Role::producer ? FilePort(forth, back, slots, stride) : FilePort(back, forth, slots, stride);
  });
}

void run_mechanism(const Options& options) {
  Session session(options);
  int fds[2];
  if (options.mechanism == "pipe") {
    over_pipes(session, make_pipe);
  } else if (options.mechanism == "fifo") {
    over_pipes(session, make_fifo);
  } else if (options.mechanism == "unix") {
    over_unix_sockets(session);
  } else if (options.mechanism == "tcp") {
    make_tcp_pair(fds, options);
    over_stream_sockets(session, fds);
  } else if (options.mechanism == "udp") {
    make_udp_pair(fds, options.capacity);
    over_datagrams<true>(session, fds);
  } else if (options.mechanism == "mq") {
    over_queues(session);
  } else if (options.mechanism == "shm" || options.mechanism == "mmap") {
    over_rings(session);
  } else if (options.mechanism == "file") {
    over_files(session);
  } else {
    refuse("no such mechanism: " + options.mechanism);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  if (options.mechanism == "cache-line") {
    cache_line(options);
  } else if (options.mechanism == "memcpy") {
    copying(options);
  } else {
    run_mechanism(options);
  }
  return 0;
}
