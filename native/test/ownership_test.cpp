#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "check.hpp"
#include "ownership/clean.hpp"
#include "ownership/names.hpp"

using namespace ipc;

namespace {

/// A pid that belonged to a process that is dead now.
int dead_pid() {
  const pid_t pid = fork();
  if (pid == 0) _exit(0);
  waitpid(pid, nullptr, 0);
  return pid;
}

bool exists(const std::string& name) {
  const int fd = shm_open(name.c_str(), O_RDONLY, 0);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

/// Leaves the file of a socket that nobody has open any more.
void bind_socket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof address.sun_path - 1));
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  HOLDS(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  close(fd);
}

bool tells(const std::vector<Leftover>& removed, const char* kind, const std::string& name, int owner) {
  return std::any_of(removed.begin(), removed.end(), [&](const Leftover& one) {
    return one.kind == kind && one.name == name && one.owner_pid == owner;
  });
}

bool queue_exists(int queue) {
  msqid_ds status{};
  return msgctl(queue, IPC_STAT, &status) == 0;
}

/// Whether this process now has queues of its own, and `folder` shows the POSIX ones.
bool mount_queues(const char* folder) {
  return unshare(CLONE_NEWNS | CLONE_NEWIPC) == 0 && mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount("none", folder, "mqueue", 0, nullptr) == 0;
}

}  // namespace

CASE("a name tells its owner") {
  EQUAL(object_name(123, "shm-0"), "ipc-scope-123-shm-0");
  EQUAL(owner_of("ipc-scope-123-shm-0").value_or(0), 123);
  for (const char* name : {"ipc-scope-", "ipc-scope-12", "ipc-scope-x-1", "ipc-scope--1-x", "other-12-x", ""}) {
    HOLDS(!owner_of(name).has_value());
  }
}

CASE("the run folder is the user's own") {
  setenv("XDG_RUNTIME_DIR", "/run/user/1", 1);
  EQUAL(run_folder(), "/run/user/1/ipc-scope");
  setenv("XDG_RUNTIME_DIR", "relative", 1);
  EQUAL(run_folder(), "/tmp/ipc-scope-" + std::to_string(getuid()));
}

CASE("what a dead session left behind is removed and told; other things stay") {
  char folder[] = "/tmp/ipc-scope-test-XXXXXX";
  HOLDS(mkdtemp(folder) != nullptr);
  setenv("XDG_RUNTIME_DIR", folder, 1);
  mkdir(run_folder().c_str(), 0700);
  const int dead = dead_pid();
  const std::string leftover = object_name(dead, "shm-0");
  const std::string fifo = run_folder() + "/" + object_name(dead, "fifo-0");
  const std::string foreign = "/ipc-scope-test-foreign-" + std::to_string(getpid());
  close(shm_open(("/" + leftover).c_str(), O_CREAT | O_RDWR, 0600));
  close(shm_open(foreign.c_str(), O_CREAT | O_RDWR, 0600));
  mkfifo(fifo.c_str(), 0600);
  const std::string socket_file = run_folder() + "/" + object_name(dead, "unix-0");
  bind_socket(socket_file);

  const std::vector<Leftover> removed = clean_leftovers();
  HOLDS(tells(removed, "shared_memory", leftover, dead));
  HOLDS(tells(removed, "fifo", object_name(dead, "fifo-0"), dead));
  HOLDS(!exists("/" + leftover));
  HOLDS(access(fifo.c_str(), F_OK) != 0);
  HOLDS(tells(removed, "socket", object_name(dead, "unix-0"), dead));
  HOLDS(access(socket_file.c_str(), F_OK) != 0);
  HOLDS(exists(foreign));

  shm_unlink(foreign.c_str());
  rmdir(run_folder().c_str());
  rmdir(folder);
}

CASE("a key tells its owner") {
  EQUAL(owner_of_key(object_key(123, 0)).value_or(0), 123);
  EQUAL(owner_of_key(object_key(4'194'303, kKeysAProcess - 1)).value_or(0), 4'194'303);
  EQUAL(key_text(object_key(1, 0)), "0xe5000001");
  for (const std::int32_t key : {0, 1, 1234, 0x41020304, object_key(0, 0)}) HOLDS(!owner_of_key(key).has_value());
}

CASE("of System V queues only those of dead sessions are removed") {
  const int dead = dead_pid();
  const int leftover = msgget(object_key(dead, 0), IPC_CREAT | IPC_EXCL | 0600);
  const int open_to_all = msgget(object_key(dead, 1), IPC_CREAT | IPC_EXCL | 0666);
  const int in_use = msgget(object_key(dead, 2), IPC_CREAT | IPC_EXCL | 0600);
  const int foreign = msgget(IPC_PRIVATE, 0600);
  long message = 1;
  HOLDS(msgsnd(in_use, &message, 0, 0) == 0);

  const std::vector<Leftover> removed = clean_leftovers();
  HOLDS(tells(removed, "message_queue", key_text(object_key(dead, 0)), dead));
  HOLDS(!queue_exists(leftover));
  for (const int queue : {open_to_all, in_use, foreign}) {
    HOLDS(queue_exists(queue));
    msgctl(queue, IPC_RMID, nullptr);
  }
}

CASE("a process that is dead but not collected owns nothing and uses nothing") {
  const pid_t pid = fork();
  if (pid == 0) {
    const int queue = msgget(object_key(getpid(), 0), IPC_CREAT | IPC_EXCL | 0600);
    long message = 1;
    _exit(msgsnd(queue, &message, 0, 0) == 0 ? 0 : 1);
  }
  siginfo_t ended{};
  waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOWAIT);
  EQUAL(ended.si_status, 0);
  HOLDS(tells(clean_leftovers(), "message_queue", key_text(object_key(pid, 0)), pid));
  waitpid(pid, nullptr, 0);
}

CASE("POSIX queues of dead sessions are removed where they are mounted") {
  char folder[] = "/tmp/ipc-scope-test-XXXXXX";
  HOLDS(mkdtemp(folder) != nullptr);
  const int dead = dead_pid();
  const std::string leftover = object_name(dead, "mq-0");
  const pid_t child = fork();
  if (child == 0) {
    // Only root may, and not in every container.
    if (!mount_queues(folder)) _exit(2);
    mq_close(mq_open(("/" + leftover).c_str(), O_CREAT | O_RDWR, 0600, nullptr));
    mq_close(mq_open("/somebody-else", O_CREAT | O_RDWR, 0600, nullptr));
    const std::vector<Leftover> removed = clean_leftovers();
    const bool gone = mq_open(("/" + leftover).c_str(), O_RDWR) < 0;
    const bool other_stays = mq_open("/somebody-else", O_RDWR) >= 0;
    _exit(tells(removed, "message_queue", leftover, dead) && gone && other_stays ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WEXITSTATUS(status) == 2) {
    std::puts("     (not tried: this user may not mount queues)");
  } else {
    EQUAL(status, 0);
  }
  rmdir(folder);
}
