/// Mailboxes: datagram sockets of AF_UNIX that are bound to a name (unix(7)). Whoever knows it, and may write to it where it
/// is a file, sends, by sendto(2) from a socket that is connected to nobody; that is the difference to `unix` datagrams, whose ends
/// are tied to each other. Every call looks the name up anew, and it is the mailbox that bounds what waits in it:
/// net.unix.max_dgram_qlen messages, and the one that is then let in. Windows calls such an object a mailslot.
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "mechanism/linux/borrowed_socket.hpp"
#include "mechanism/linux/mailbox_channel.hpp"
#include "mechanism/linux/unix_message.hpp"
#include "mechanism/linux/unix_name.hpp"
#include "mechanism/posix/socket.hpp"
#include "ownership/run_folder.hpp"
#include "peer/loops.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"
#include "system/bound.hpp"
#include "system/facts.hpp"

namespace ipc {

namespace {

constexpr std::uint64_t kUsualQueue = 10;  // net.unix.max_dgram_qlen of a kernel that does not tell

/// How the name of mailbox number `index` ends. A broadcast has one for each consumer, a conversation one for each side.
std::string mailbox_name(std::size_t index) { return "mailbox-" + std::to_string(index); }

std::size_t mailboxes_of(const Settings& settings) {
  if (settings.broadcast()) return settings.consumers;
  return settings.pingpong() ? 2 : 1;
}

/// The mailbox that a process takes its messages from; -1: none.
int own_mailbox(const Settings& settings, std::size_t ordinal) {
  if (ordinal < settings.producers) return settings.pingpong() ? 1 : -1;
  return settings.broadcast() ? static_cast<int>(ordinal - settings.producers) : 0;
}

std::vector<OptionRow> options() {
  const Bound capacity = send_buffer_bound();
  std::vector<OptionRow> rows =
      session_options({.max_capacity = capacity.value, .several = true},
                      {choice_option("address", "--address", {"path", "abstract"}, &Settings::address)});
  for (OptionRow& row : rows) {
    if (row.number == &Settings::capacity_bytes) row.bound = bound_text(capacity);
  }
  return rows;
}

void resolve(Settings& settings) {
  settings.kind.assign("datagram");
  resolve_unix_size(settings, "");
}

class MailboxResource final : public Resource {
 public:
  MailboxResource(const Settings& settings, StatsPage& page)
      : settings_(settings), page_(page) {
    // The kernel reads it when it makes the socket.
    const std::uint64_t queue = number_in_file("/proc/sys/net/unix/max_dgram_qlen");
    most_messages_ = (queue != 0 ? queue : kUsualQueue) + 1;
    for (std::size_t i = 0; i < mailboxes_of(settings); ++i) add_mailbox(i);
    measure_message();
    for (std::size_t i = 0; i < settings.processes(); ++i) {
      const int own = own_mailbox(settings, i);
      page.slots[i].endpoint.receive_fd = own < 0 ? -1 : mailboxes_[static_cast<std::size_t>(own)].fd();
    }
  }

  std::vector<ObjectInfo> objects() const override { return objects_; }

  /// A sender gets nothing but the name.
  std::vector<int> inherited(unsigned ordinal) const override {
    const int fd = page_.slots[ordinal].endpoint.receive_fd;
    return fd < 0 ? std::vector<int>{} : std::vector<int>{fd};
  }

  /// Held open here, a mailbox would outlive its owner, and its senders would wait for ever.
  void started() override { mailboxes_.clear(); }

  /// Messages in the mailbox, from the memory that they take of their senders' buffers. What is in each of several mailboxes
  /// that one process fills, only the counts tell; then it is the fullest one's.
  Occupancy occupancy(const std::vector<Child>& peers) override {
    std::uint64_t taken = 0;
    std::uint64_t buffer = 0;
    for (std::size_t i = 0; i < settings_.producers; ++i) {
      const auto memory = BorrowedSocket(peers[i], page_.slots[i].endpoint.send_fd).memory();
      if (!memory) continue;
      taken += (*memory)[SK_MEMINFO_WMEM_ALLOC];
      buffer += (*memory)[SK_MEMINFO_SNDBUF];
    }
    Occupancy now;
    if (buffer == 0 || message_memory_ == 0) return now;
    now.gauges = {{"mailbox_max", most_messages_}, {"send_memory_bytes", taken}, {"send_buffer_bytes", buffer}};
    // A sender may send while anything of its buffer is free, however little.
    now.capacity_messages = std::min(most_messages_, (buffer + message_memory_ - 1) / message_memory_);
    now.used_messages = std::min(settings_.broadcast() ? behind() : taken / message_memory_, *now.capacity_messages);
    now.used_bytes = *now.used_messages * settings_.size_bytes;
    now.capacity_bytes = *now.capacity_messages * settings_.size_bytes;
    return now;
  }

  bool waits_inside_calls() const override { return settings_.blocking; }

 private:
  void add_mailbox(std::size_t index) {
    Socket mailbox(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!settings_.blocking) make_nonblocking(mailbox.fd());
    // Nothing tells the owner that nobody will send any more.
    limit_receive_wait(mailbox.fd(), kIdleMs);
    names_.emplace_back(settings_, files_, mailbox_name(index));
    names_.back().bind_to(mailbox.fd());
    objects_.push_back(names_.back().info({}, "mailbox"));
    mailboxes_.push_back(std::move(mailbox));
  }

  void measure_message() {
    const Socket sender(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ask_for_unix_capacity(sender.fd(), settings_);
    names_.front().connect_to(sender.fd());
    message_memory_ = memory_of_message(sender.fd(), mailboxes_.front().fd(), settings_.size_bytes);
  }

  /// How many messages the slowest consumer has not taken yet.
  std::uint64_t behind() const {
    const std::uint64_t sent = page_.slots[0].messages.get();
    std::uint64_t most = 0;
    for (std::size_t i = 1; i < settings_.processes(); ++i) {
      const std::uint64_t taken = page_.slots[i].messages.get();
      if (sent > taken) most = std::max(most, sent - taken);
    }
    return most;
  }

  const Settings& settings_;
  StatsPage& page_;
  /// What a message takes of the send buffer, bytes.
  std::uint64_t message_memory_ = 0;
  std::uint64_t most_messages_;
  RunFiles files_;
  std::vector<ObjectInfo> objects_;
  std::vector<UnixName> names_;
  std::vector<Socket> mailboxes_;
};

/// The sender's socket, which has no name and is connected to nobody. -1 after a failure, which is noted.
int make_sender(PeerContext& context) {
  const Settings& settings = context.settings();
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | (settings.blocking ? 0 : SOCK_NONBLOCK), 0);
  if (fd < 0) {
    context.failed("socket", errno);
    return -1;
  }
  const int bytes = static_cast<int>(settings.capacity_bytes);
  if (bytes != 0 && setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes) != 0) {
    context.failed("setsockopt SO_SNDBUF", errno);
    ::close(fd);
    return -1;
  }
  return fd;
}

int mailbox_peer(PeerContext& context) {
  const Settings& settings = context.settings();
  std::vector<UnixName> names;
  const auto add = [&](std::size_t index) {
    names.emplace_back(settings, static_cast<int>(context.page().supervisor_pid), mailbox_name(index));
  };
  if (context.role() == Role::consumer) {
    if (settings.pingpong()) add(1);
  } else {
    for (std::size_t i = 0; i < (settings.broadcast() ? settings.consumers : 1); ++i) add(i);
  }
  if (!names.empty()) {
    context.slot().endpoint.send_fd = make_sender(context);
    if (context.slot().endpoint.send_fd < 0) return context.end(Outcome::failed);
  }
  MailboxChannel channel(context, std::move(names));
  return run_loops(context, channel);
}

}  // namespace

MechanismRow mailbox_mechanism() {
  return {
      "mailbox",
      "message_passing",
      {"plain"},
      {"stream", "pingpong", "fan_in", "fan_out", "many_to_many", "broadcast"},
      options,
      resolve,
      [](const Settings& settings, StatsPage& page) -> std::unique_ptr<Resource> {
        return std::make_unique<MailboxResource>(settings, page);
      },
      mailbox_peer,
  };
}

}  // namespace ipc
