/// Unix-domain sockets (unix(7)), both ends made by the calls that two programs would make: a stream of bytes, messages
/// over a connection (seqpacket), or datagrams. `tuned` gathers what a stream carries and sends several datagrams a call,
/// through the greatest send buffer.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstring>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/borrowed_socket.hpp"
#include "mechanism/linux/datagram_batch.hpp"
#include "mechanism/linux/uring_channel.hpp"
#include "mechanism/posix/batch_channel.hpp"
#include "mechanism/posix/datagram_channel.hpp"
#include "mechanism/posix/fd_channel.hpp"
#include "mechanism/posix/socket.hpp"
#include "mechanism/posix/tuned.hpp"
#include "ownership/names.hpp"
#include "ownership/run_folder.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"

namespace ipc {

namespace {

int type_of(const Settings& settings) {
  if (settings.kind.view() == "datagram") return SOCK_DGRAM;
  return settings.kind.view() == "seqpacket" ? SOCK_SEQPACKET : SOCK_STREAM;
}

/// Only the sender's buffer bounds a Unix socket; SO_RCVBUF has no effect (unix(7)).
void ask_for_capacity(int fd, const Settings& settings) {
  const std::uint64_t bytes =
      settings.capacity_bytes == 0 && !settings.plain() ? max_send_buffer() : settings.capacity_bytes;
  if (bytes != 0) set_option(fd, SOL_SOCKET, SO_SNDBUF, static_cast<int>(bytes), "setsockopt SO_SNDBUF");
}

/// Sends one message without waiting, takes it out again, and answers how much of the send buffer it took meanwhile, bytes:
/// the kernel charges its own bookkeeping too, 768 for a message of 64 bytes. 0 when it did not go in as one piece; errno
/// then tells why.
std::uint64_t memory_of_message(int from, int to, std::size_t size) {
  std::vector<std::byte> message(size);
  const ssize_t put = ::send(from, message.data(), size, MSG_NOSIGNAL | MSG_DONTWAIT);
  const int error = errno;
  int memory = 0;
  if (put == static_cast<ssize_t>(size) && ioctl(from, SIOCOUTQ, &memory) != 0) memory = 0;
  while (::recv(to, message.data(), size, MSG_DONTWAIT) >= 0) {
  }
  errno = error;
  return memory > 0 ? static_cast<std::uint64_t>(memory) : 0;
}

/// The greatest message below `too_large` that goes from one socket to the other, bytes.
std::size_t greatest_message(int from, int to, std::size_t too_large) {
  std::size_t fits = 0;
  while (too_large - fits > 1) {
    const std::size_t middle = fits + (too_large - fits) / 2;
    (memory_of_message(from, to, middle) != 0 ? fits : too_large) = middle;
  }
  return fits;
}

[[noreturn]] void refuse_datagrams(const Settings& settings) {
  Failure failure{ErrorCode::not_supported, "the variant uring carries streams of bytes only",
                  "Use --kind stream, or --variant tuned."};
  failure.where = "--kind";
  failure.value = settings.kind.view();
  failure.allowed = "stream";
  throw failure;
}

/// Refuses messages that the socket does not take in one piece: what fits depends on the send buffer, and on the greatest
/// piece of memory that the kernel gives to a message. It is tried rather than computed.
void resolve(Settings& settings) {
  refuse_several_tuned(settings);
  refuse_without_uring(settings);
  if (is_uring(settings) && type_of(settings) != SOCK_STREAM) refuse_datagrams(settings);
  if (type_of(settings) == SOCK_STREAM) return;
  int fds[2];
  if (socketpair(AF_UNIX, type_of(settings) | SOCK_CLOEXEC, 0, fds) != 0) throw system_failure("socketpair", errno);
  const Socket from(fds[0]);
  const Socket to(fds[1]);
  ask_for_capacity(from.fd(), settings);
  if (memory_of_message(from.fd(), to.fd(), settings.size_bytes) != 0) return;
  const int error = errno;

  const std::string limit = std::to_string(greatest_message(from.fd(), to.fd(), settings.size_bytes));
  const std::string buffer = std::to_string(buffer_bytes(from.fd(), SO_SNDBUF));
  const std::string most = std::to_string(max_send_buffer());
  Failure failure{ErrorCode::out_of_range, "", ""};
  if (error == EMSGSIZE) {
    failure.message = "with a send buffer (SO_SNDBUF) of " + buffer + " bytes a message of this kind of socket may have " +
                      limit + " bytes";
    failure.remedy = "Use a smaller size, a --capacity up to " + most +
                     " (net.core.wmem_max, which an administrator raises with sysctl -w net.core.wmem_max=BYTES), or "
                     "--kind stream.";
  } else {
    failure.message = "the kernel has no memory for a message of more than " + limit + " bytes in one piece";
    failure.remedy = "Use a smaller size, or --kind stream.";
  }
  failure.where = "--size";
  failure.value = std::to_string(settings.size_bytes);
  failure.allowed = "1.." + limit;
  failure.errno_name = errno_name(error);
  throw failure;
}

/// The name of one end, in the abstract namespace or in the file system.
class UnixName {
 public:
  /// Throws Failure.
  UnixName(const Settings& settings, RunFiles& files, const std::string& what) : path_(settings.address.view() == "path") {
    const std::string name = path_ ? files.reserve(what) : object_name(getpid(), what);
    address_.sun_family = AF_UNIX;
    // An abstract name starts with a null byte, and ends where its length says (unix(7)).
    char* const at = path_ ? address_.sun_path : address_.sun_path + 1;
    if (name.size() + 1 > sizeof address_.sun_path) refuse(name);
    std::memcpy(at, name.data(), name.size());
    length_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size() + 1);
    text_ = path_ ? name : "@" + name;
  }

  void bind_to(int fd) const {
    // Linux gives the file the mode that the unbound socket has, so at no moment is it open to others.
    if (path_ && fchmod(fd, 0600) != 0) throw system_failure("fchmod", errno);
    if (bind(fd, address(), length_) != 0) throw system_failure("bind", errno);
  }

  void connect_to(int fd) const {
    if (connect(fd, address(), length_) != 0) throw system_failure("connect", errno);
  }

  ObjectInfo info(std::uint64_t capacity) const {
    struct stat status {};
    // An abstract name has no permissions at all.
    if (!path_ || stat(text_.c_str(), &status) != 0) return {"socket", text_, "none", capacity};
    char mode[8];
    std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(status.st_mode & 07777));
    return {"socket", text_, mode, capacity};
  }

 private:
  [[noreturn]] static void refuse(const std::string& name) {
    Failure failure{ErrorCode::out_of_range, "the path of the socket has more than the 107 bytes that an address holds",
                    "Set XDG_RUNTIME_DIR to a shorter path, or use --address abstract."};
    failure.where = "--address";
    failure.value = name;
    failure.exit_code = kExitSystem;
    throw failure;
  }

  const sockaddr* address() const { return reinterpret_cast<const sockaddr*>(&address_); }

  bool path_;
  sockaddr_un address_{};
  socklen_t length_;
  std::string text_;
};

class UnixResource final : public Resource {
 public:
  UnixResource(const Settings& settings, StatsPage& page)
      : settings_(settings), client_(make_socket()), server_(type_of(settings) == SOCK_DGRAM ? pair_up() : connect_client()) {
    for (const int fd : {client_.fd(), server_.fd()}) {
      ask_for_capacity(fd, settings);
      if (!settings.blocking) make_nonblocking(fd);
      // Nothing wakes a datagram socket whose other end is closed.
      if (type_of(settings) == SOCK_DGRAM) limit_receive_wait(fd, kIdleMs);
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
    if (type_of(settings_) == SOCK_DGRAM) {
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
  int make_socket() const { return ::socket(AF_UNIX, type_of(settings_) | SOCK_CLOEXEC, 0); }

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

int run_tuned_stream(PeerContext& context) {
  const int type = type_of(context.settings());
  if (type == SOCK_STREAM) return run_batched<SocketCalls>(context, kBatchBytes);
  return type == SOCK_DGRAM ? run_gathered<Delivery::marked>(context) : run_gathered<Delivery::connected>(context);
}

int unix_peer(PeerContext& context) {
  if (is_uring(context.settings())) return run_uring<SocketCalls, IORING_OP_SEND>(context, kBatchBytes);
  if (context.settings().tuned() && !context.settings().pingpong()) return run_tuned_stream(context);
  const auto run = [&]<class Channel>() {
    Channel channel(context);
    return run_loops(context, channel);
  };
  switch (type_of(context.settings())) {
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
      {"plain", "tuned", "uring"},
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
