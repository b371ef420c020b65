#include <fcntl.h>
#include <sys/mman.h>
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
  const auto told = [&](const char* kind, const std::string& name) {
    return std::any_of(removed.begin(), removed.end(), [&](const Leftover& one) {
      return one.kind == kind && one.name == name && one.owner_pid == dead;
    });
  };
  HOLDS(told("shared_memory", leftover));
  HOLDS(told("fifo", object_name(dead, "fifo-0")));
  HOLDS(!exists("/" + leftover));
  HOLDS(access(fifo.c_str(), F_OK) != 0);
  HOLDS(told("socket", object_name(dead, "unix-0")));
  HOLDS(access(socket_file.c_str(), F_OK) != 0);
  HOLDS(exists(foreign));

  shm_unlink(foreign.c_str());
  rmdir(run_folder().c_str());
  rmdir(folder);
}
