/// Unix-domain sockets (unix(7)), both ends made by the calls that two programs would make: a stream of bytes, messages
/// over a connection (seqpacket), or datagrams. There is no tuned variant: what experts change is the send buffer, and
/// that is the capacity.
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/borrowed_socket.hpp"
#include "mechanism/linux/unix_message.hpp"
#include "mechanism/linux/unix_name.hpp"
#include "mechanism/posix/datagram_channel.hpp"
#include "mechanism/posix/fd_channel.hpp"
#include "mechanism/posix/socket.hpp"
#include "ownership/run_folder.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"

namespace ipc {

namespace {

void resolve(Settings& settings) { resolve_unix_size(settings); }

class UnixResource final : public Resource {
 public:
  UnixResource(const Settings& settings, StatsPage& page)
      : settings_(settings), client_(make_socket()), server_(unix_type_of(settings) == SOCK_DGRAM ? pair_up() : connect_client()) {
    for (const int fd : {client_.fd(), server_.fd()}) {
      ask_for_unix_capacity(fd, settings);
      if (!settings.blocking) make_nonblocking(fd);
      // Nothing wakes a datagram socket whose other end is closed.
      if (unix_type_of(settings) == SOCK_DGRAM) limit_receive_wait(fd, kIdleMs);
    }
    const std::uint64_t capacity = buffer_bytes(client_.fd(), SO_SNDBUF);
    // Whoever knew the name could have sent something before the two were connected to each other; it is taken out here.
    if (settings.size_bytes <= capacity) {
      message_memory_ = memory_of_message(client_.fd(), server_.fd(), settings.size_bytes);
    }
    for (const UnixName& name : names_) objects_.push_back(name.info(capacity));
    client_fd_ = client_.fd();
    server_fd_ = server_.fd();
    page.slots[0].endpoint = {client_fd_, client_fd_};
    page.slots[1].endpoint = {server_fd_, server_fd_};
  }

  std::vector<ObjectInfo> objects() const override { return objects_; }

  std::vector<int> inherited(unsigned ordinal) const override { return {ordinal == 0 ? client_fd_ : server_fd_}; }

  void started() override {
    client_.close_now();
    server_.close_now();
  }

  /// The two are connected, so nobody needs the names any more.
  void opened() override { files_.remove(); }

  /// From producer to consumer. Where the memory of a message is known, the capacity is told in messages, because it is
  /// that memory which fills the buffer: 278 messages of 64 bytes fill 212,992 bytes.
  Occupancy occupancy(const std::vector<Child>& peers) override {
    const BorrowedSocket sender(peers[0], client_fd_);
    const auto memory = sender.memory();
    if (!memory) return {};
    const std::uint64_t taken = (*memory)[SK_MEMINFO_WMEM_ALLOC];
    const std::uint64_t buffer = (*memory)[SK_MEMINFO_SNDBUF];
    Occupancy now;
    now.gauges = {{"send_memory_bytes", taken}, {"send_buffer_bytes", buffer}};
    if (message_memory_ != 0) {
      // The sender may send while anything is free, however little.
      now.capacity_messages = (buffer + message_memory_ - 1) / message_memory_;
    } else {
      now.capacity_bytes = buffer;
    }
    if (unix_type_of(settings_) == SOCK_DGRAM) {
      // FIONREAD tells of a datagram socket only how long the next message is.
      if (message_memory_ != 0) now.used_messages = taken / message_memory_;
      if (now.used_messages) now.used_bytes = *now.used_messages * settings_.size_bytes;
      return now;
    }
    now.used_bytes = BorrowedSocket(peers[1], server_fd_).readable_bytes();
    if (now.used_bytes) now.used_messages = *now.used_bytes / settings_.size_bytes;
    return now;
  }

  bool waits_inside_calls() const override { return settings_.blocking; }

 private:
  int make_socket() const { return ::socket(AF_UNIX, unix_type_of(settings_) | SOCK_CLOEXEC, 0); }

  /// Connects client_ to a listener that lives no longer than this function, and answers the other end.
  int connect_client() {
    const Socket listener(make_socket());
    names_.emplace_back(settings_, files_, "unix-0");
    names_[0].bind_to(listener.fd());
    if (listen(listener.fd(), 8) != 0) throw system_failure("listen", errno);
    names_[0].connect_to(client_.fd());
    for (;;) {
      const int accepted = accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC);
      if (accepted < 0) throw system_failure("accept4", errno);
      // An abstract name is open to every program of this machine: only our own connection is let in.
      ucred peer{};
      socklen_t length = sizeof peer;
      if (getsockopt(accepted, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 && peer.pid == getpid()) return accepted;
      ::close(accepted);
    }
  }

  /// Binds both and connects each to the other; from then on they take messages from nobody else. Connected both ways, the
  /// send buffer alone bounds them, not net.unix.max_dgram_qlen.
  int pair_up() {
    const int other = make_socket();
    if (other < 0) throw system_failure("socket", errno);
    try {
      names_.emplace_back(settings_, files_, "unix-0");
      names_.emplace_back(settings_, files_, "unix-1");
      names_[0].bind_to(client_.fd());
      names_[1].bind_to(other);
      names_[1].connect_to(client_.fd());
      names_[0].connect_to(other);
    } catch (...) {
      ::close(other);
      throw;
    }
    return other;
  }

  const Settings& settings_;
  RunFiles files_;
  std::vector<UnixName> names_;
  std::vector<ObjectInfo> objects_;
  Socket client_;
  Socket server_;
  int client_fd_ = -1;
  int server_fd_ = -1;
  /// What a message takes of the send buffer, bytes; 0 when it does not go in as one piece.
  std::uint64_t message_memory_ = 0;
};

int unix_peer(PeerContext& context) {
  const auto run = [&]<class Channel>() {
    Channel channel(context);
    return run_loops(context, channel);
  };
  switch (unix_type_of(context.settings())) {
    case SOCK_DGRAM:
      return run.operator()<DatagramChannel<Delivery::marked>>();
    case SOCK_SEQPACKET:
      return run.operator()<DatagramChannel<Delivery::connected>>();
    default:
      return run.operator()<FdChannel<SocketCalls>>();
  }
}

}  // namespace

MechanismRow unix_mechanism() {
  return {
      "unix",
      "message_passing",
      {"plain"},
      {"stream", "pingpong"},
      [] {
        return session_options({.max_capacity = max_send_buffer()},
                               {choice_option("kind", "--kind", {"stream", "datagram", "seqpacket"}, &Settings::kind),
                                choice_option("address", "--address", {"abstract", "path"}, &Settings::address)});
      },
      resolve,
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<UnixResource>(settings, page);
      },
      unix_peer,
  };
}

}  // namespace ipc
