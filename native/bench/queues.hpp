/// Message queues of the kernel: POSIX and System V.
#pragma once

#include <fcntl.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <string>

#include "options.hpp"
#include "ownership/names.hpp"
#include "session.hpp"

namespace bare {

class PosixQueuePort {
 public:
  static constexpr bool kLossy = false;
  PosixQueuePort(mqd_t out, mqd_t in) : out_(out), in_(in) {}

  void put(const char* data, std::size_t size) {
    if (mq_send(out_, data, size, 0) != 0) die("mq_send");
  }
  std::size_t take(char* data, std::size_t size) {
    if (mq_receive(in_, data, size, nullptr) != static_cast<ssize_t>(size)) die("mq_receive");
    return size;
  }

 private:
  mqd_t out_;
  mqd_t in_;
};

/// Without a name at once: it goes when the processes go.
inline mqd_t make_posix_queue(const Options& options) {
  mq_attr attributes{};
  attributes.mq_maxmsg = static_cast<long>(options.capacity_messages);
  attributes.mq_msgsize = static_cast<long>(options.size);
  const std::string name = "/" + ipc::object_name(getpid(), "bare");
  const bool chosen = options.capacity_messages != 0;
  if (!chosen) attributes.mq_maxmsg = 10;  // /proc/sys/fs/mqueue/msg_default of a kernel nobody has tuned
  const mqd_t queue = mq_open(name.c_str(), O_CREAT | O_EXCL | O_RDWR, 0600, &attributes);
  mq_unlink(name.c_str());
  if (queue < 0) die("mq_open");
  return queue;
}

/// One queue for both ways: each side takes the other's type. The type stands in front of the message, where the buffer has
/// room for it.
class SysvQueuePort {
 public:
  static constexpr bool kLossy = false;
  SysvQueuePort(int queue, Role role)
      : queue_(queue), sends_(role == Role::producer ? 1 : 2), takes_(role == Role::producer ? 2 : 1) {}

  void put(char* data, std::size_t size) {
    std::memcpy(data - sizeof sends_, &sends_, sizeof sends_);
    if (msgsnd(queue_, data - sizeof sends_, size, 0) != 0) die("msgsnd");
  }
  std::size_t take(char* data, std::size_t size) {
    if (msgrcv(queue_, data - sizeof takes_, size, takes_, 0) != static_cast<ssize_t>(size)) die("msgrcv");
    return size;
  }

 private:
  int queue_;
  long sends_;
  long takes_;
};

/// A queue that is removed when it goes out of scope or a signal ends the program. After a kill -9, `ipc-helper clean` finds
/// it by its key.
class SysvQueue {
 public:
  explicit SysvQueue(const Options& options) {
    id_ = msgget(ipc::object_key(getpid(), 0), IPC_CREAT | IPC_EXCL | 0600);
    if (id_ < 0) die("msgget");
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) std::signal(number, remove_and_end);
    std::atexit(remove);
    owner_ = getpid();
    if (options.capacity_messages == 0) return;
    msqid_ds status{};
    if (msgctl(id_, IPC_STAT, &status) != 0) die("msgctl IPC_STAT");
    if (status.msg_qbytes / options.size == options.capacity_messages) return;
    status.msg_qbytes = options.capacity_messages * options.size;
    if (msgctl(id_, IPC_SET, &status) != 0) die("msgctl IPC_SET");
  }
  int id() const { return id_; }

 private:
  /// By the process that made it alone.
  static void remove() {
    if (id_ >= 0 && getpid() == owner_) msgctl(id_, IPC_RMID, nullptr);
  }
  static void remove_and_end(int number) {
    remove();
    _exit(128 + number);
  }
  inline static int id_ = -1;
  inline static int owner_ = -1;
};

}  // namespace bare
