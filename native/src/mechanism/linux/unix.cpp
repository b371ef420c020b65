/// Unix-domain sockets (unix(7)), both ends made by the calls that two programs would make: a stream of bytes, messages
/// over a connection (seqpacket), or datagrams. `tuned` gathers what a stream carries and sends several datagrams a call,
/// through the greatest send buffer.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/borrowed_socket.hpp"
#include "mechanism/linux/connections.hpp"
#include "mechanism/linux/datagrams.hpp"
#include "mechanism/linux/readiness.hpp"
#include "mechanism/linux/unix_message.hpp"
#include "mechanism/linux/unix_name.hpp"
#include "mechanism/linux/unix_tuned.hpp"
#include "mechanism/posix/fd_channel.hpp"
#include "mechanism/posix/socket.hpp"
#include "ownership/run_folder.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"
#include "system/facts.hpp"

namespace ipc {

namespace {

void resolve(Settings& settings) {
  resolve_unix_tuned(settings);
  resolve_unix_size(settings);
  if (unix_type_of(settings) != SOCK_DGRAM) {
    resolve_receive(settings);
  } else if (settings.producers > 1) {
    // A receiver with several senders is connected to none, and anybody on this machine may send to an abstract name.
    settings.address.assign("path");
  }
}

/// Over connections every process has its own ends (connections.hpp). Datagrams have a socket for each producer and one for
/// all consumers, who inherit it: each message goes to one of them. Under broadcast every consumer has a socket of its own,
/// and the producer one for each.
class UnixResource final : public Resource {
 public:
  UnixResource(const Settings& settings, StatsPage& page) : settings_(settings), page_(page) {
    if (unix_type_of(settings) != SOCK_DGRAM) {
      make_connections();
    } else if (settings.broadcast()) {
      for (unsigned k = 0; k < settings.consumers; ++k) make_pair(k, 1);
    } else if (settings.producers == 1) {
      make_pair(0, static_cast<unsigned>(settings.consumers));
    } else {
      make_mailbox();
    }
  }

  std::vector<ObjectInfo> objects() const override { return objects_; }

  std::vector<int> inherited(unsigned ordinal) const override { return sockets_.inherited(ordinal); }

  void started() override { sockets_.let_go(); }

  /// All are connected, so nobody needs the names any more.
  void opened() override { files_.remove(); }

  /// From producers to consumers. Where the memory of a message is known, the capacity is told in messages, because it is
  /// that memory which fills the buffer: 278 messages of 64 bytes fill 212,992 bytes.
  Occupancy occupancy(const std::vector<Child>& peers) override {
    Occupancy now;
    std::uint64_t taken = 0;
    std::uint64_t buffers = 0;
    for (std::size_t k = 0; k < links_; ++k) {
      const auto memory = BorrowedSocket(peers[producer_of(settings_, k)], page_.connections[k].send_fd).memory();
      if (!memory) continue;
      taken += (*memory)[SK_MEMINFO_WMEM_ALLOC];
      buffers += (*memory)[SK_MEMINFO_SNDBUF];
      if (message_memory_ != 0) {
        // A sender may send while anything is free, however little.
        now.capacity_messages = now.capacity_messages.value_or(0) +
                                ((*memory)[SK_MEMINFO_SNDBUF] + message_memory_ - 1) / message_memory_;
      }
      if (unix_type_of(settings_) == SOCK_DGRAM) continue;
      const BorrowedSocket receiver(peers[consumer_of(settings_, k)], page_.connections[k].receive_fd);
      if (const auto readable = receiver.readable_bytes()) now.used_bytes = now.used_bytes.value_or(0) + *readable;
    }
    if (buffers == 0) return {};
    now.gauges = {{"send_memory_bytes", taken}, {"send_buffer_bytes", buffers}};
    if (message_memory_ == 0) now.capacity_bytes = buffers;
    if (now.capacity_messages) now.capacity_messages = std::min(*now.capacity_messages, most_messages_);
    if (unix_type_of(settings_) == SOCK_DGRAM) {
      // FIONREAD tells of a datagram socket only how long the next message is.
      // A sender that waits for a receiver's place has the memory for its message already.
      if (message_memory_ != 0) now.used_messages = std::min(taken / message_memory_, most_messages_);
      if (now.used_messages) now.used_bytes = *now.used_messages * settings_.size_bytes;
      return now;
    }
    if (now.used_bytes) now.used_messages = *now.used_bytes / settings_.size_bytes;
    return now;
  }

  bool waits_inside_calls() const override { return settings_.blocking || settings_.polled(); }

 private:
  Socket make_socket() const { return Socket(::socket(AF_UNIX, unix_type_of(settings_) | SOCK_CLOEXEC, 0)); }

  const UnixName& next_name() {
    return names_.emplace_back(settings_, files_, "unix-" + std::to_string(names_.size()));
  }

  void make_connections() {
    const Socket listener = make_socket();  // lives no longer than this function
    const UnixName& name = next_name();
    name.bind_to(listener.fd());
    if (listen(listener.fd(), 8) != 0) throw system_failure("listen", errno);
    links_ = connections_of(settings_);
    for (std::size_t k = 0; k < links_; ++k) {
      Socket client = make_socket();
      name.connect_to(client.fd());
      Socket server = accept_own(listener.fd());
      for (const int fd : {client.fd(), server.fd()}) set_up(fd);
      if (k == 0) measure_message(client.fd(), server.fd());
      objects_.push_back(name.info(buffer_bytes(client.fd(), SO_SNDBUF)));
      if (links_ > 1) objects_.back().name += ", connection " + std::to_string(k);
      sockets_.hold_connection(page_, k, std::move(client), std::move(server));
    }
  }

  static Socket accept_own(int listener) {
    for (;;) {
      const int accepted = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (accepted < 0) throw system_failure("accept4", errno);
      Socket socket(accepted);
      // An abstract name is open to every program of this machine: only our own connection is let in.
      ucred peer{};
      socklen_t length = sizeof peer;
      if (getsockopt(accepted, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 && peer.pid == getpid()) return socket;
    }
  }

  /// Binds two and connects each to the other; from then on they take messages from nobody else. Connected both ways, the
  /// send buffer alone bounds them, not net.unix.max_dgram_qlen. The receiving one is number `k`, of `consumers` consumers.
  void make_pair(unsigned k, unsigned consumers) {
    Socket sender = make_socket();
    Socket receiver = make_socket();
    const std::size_t first = names_.size();
    next_name().bind_to(sender.fd());
    next_name().bind_to(receiver.fd());
    names_[first + 1].connect_to(sender.fd());
    names_[first].connect_to(receiver.fd());
    for (const int fd : {sender.fd(), receiver.fd()}) set_up(fd);
    // Whoever knew the name could have sent something before the two were connected to each other; it is taken out here.
    if (k == 0) measure_message(sender.fd(), receiver.fd());
    const std::uint64_t capacity = buffer_bytes(sender.fd(), SO_SNDBUF);
    for (std::size_t i : {first, first + 1}) objects_.push_back(names_[i].info(capacity));
    hold_sender(k, std::move(sender), receiver.fd());
    hold_receiver(std::move(receiver), k, consumers);
  }

  /// One receiver that any number of senders know by its name. It is connected to none of them, so that
  /// net.unix.max_dgram_qlen bounds what waits in it, and its name is a file, which others cannot reach.
  void make_mailbox() {
    Socket receiver = make_socket();
    const UnixName& name = next_name();
    name.bind_to(receiver.fd());
    set_up(receiver.fd());
    for (unsigned k = 0; k < settings_.producers; ++k) {
      Socket sender = make_socket();
      name.connect_to(sender.fd());
      set_up(sender.fd());
      if (k == 0) {
        measure_message(sender.fd(), receiver.fd());
        objects_.push_back(name.info(buffer_bytes(sender.fd(), SO_SNDBUF)));
      }
      hold_sender(k, std::move(sender), receiver.fd());
    }
    // The kernel lets one more in than the limit says (unix_recvq_full).
    if (const std::uint64_t limit = number_in_file("/proc/sys/net/unix/max_dgram_qlen"); limit != 0) {
      most_messages_ = limit + 1;
    }
    hold_receiver(std::move(receiver), 0, static_cast<unsigned>(settings_.consumers));
  }

  void set_up(int fd) const {
    ask_for_unix_capacity(fd, settings_);
    if (!settings_.blocking) make_nonblocking(fd);
    // Nothing wakes a datagram socket whose other end is closed.
    if (unix_type_of(settings_) == SOCK_DGRAM) limit_receive_wait(fd, kIdleMs);
  }

  void measure_message(int from, int to) {
    if (settings_.size_bytes <= buffer_bytes(from, SO_SNDBUF)) {
      message_memory_ = memory_of_message(from, to, settings_.size_bytes);
    }
  }

  void hold_sender(unsigned k, Socket sender, int receiver) {
    const unsigned producer = producer_of(settings_, k);
    const int fd = sockets_.hold(std::move(sender), producer);
    page_.connections[k] = {fd, receiver};
    page_.slots[producer].endpoint = {fd, fd};
    links_ = k + 1;
  }

  void hold_receiver(Socket receiver, unsigned consumer, unsigned consumers) {
    const auto first = static_cast<unsigned>(settings_.producers) + consumer;
    const int fd = sockets_.hold(std::move(receiver), first, consumers);
    for (unsigned i = first; i < first + consumers; ++i) page_.slots[i].endpoint = {fd, fd};
  }

  const Settings& settings_;
  StatsPage& page_;
  RunFiles files_;
  std::vector<UnixName> names_;
  std::vector<ObjectInfo> objects_;
  HeldSockets sockets_;
  /// Sending ends, which stand in the page's connections.
  std::size_t links_ = 0;
  /// What a message takes of the send buffer, bytes; 0 when it does not go in as one piece.
  std::uint64_t message_memory_ = 0;
  /// What else bounds the messages that wait.
  std::uint64_t most_messages_ = std::numeric_limits<std::uint64_t>::max();
};

int unix_peer(PeerContext& context) {
  if (gathers_on_unix(context.settings())) return run_unix_tuned(context);
  const int type = unix_type_of(context.settings());
  if (type == SOCK_DGRAM) return run_on_datagrams<Delivery::marked>(context);
  if (!waits_on_one(context)) return type == SOCK_SEQPACKET ? run_on_records(context) : run_on_streams(context);
  const auto run = [&]<class Channel>() {
    Channel channel(context);
    return run_loops(context, channel);
  };
  return type == SOCK_SEQPACKET ? run.operator()<DatagramChannel<Delivery::connected>>()
                                : run.operator()<FdChannel<SocketCalls>>();
}

}  // namespace

MechanismRow unix_mechanism() {
  return {
      "unix",
      "message_passing",
      {"plain", "tuned", "uring"},
      {"stream", "pingpong", "fan_in", "fan_out", "many_to_many", "broadcast", "dialogue"},
      [] {
        const Bound bound = send_buffer_bound();
        return session_options({.max_capacity = bound.value,
                                .several = true,
                                .capacity_bound = bound_text(bound),
                                .dialogue = true},
                               {choice_option("kind", "--kind", {"stream", "datagram", "seqpacket"}, &Settings::kind),
                                choice_option("address", "--address", {"abstract", "path"}, &Settings::address),
                                receive_option()});
      },
      resolve,
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<UnixResource>(settings, page);
      },
      unix_peer,
  };
}

}  // namespace ipc
