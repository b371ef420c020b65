/// Processes: starting peers, ending with the parent, names.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ipc {

/// Arranges that the calling process is killed when its parent dies. False when the parent `expected` is dead already.
bool tie_to_parent(int expected);

/// The name shown by ps and top; cut to 15 bytes.
void name_process(const std::string& name);

/// Sleeps end when they should instead of up to 50 us later (PR_SET_TIMERSLACK).
void sharpen_timers();

struct Child {
  int pid = -1;
  /// Readable when the process has ended.
  int pidfd = -1;
};

/// Starts this program anew with the given arguments; it inherits the listed descriptors under their numbers, and
/// standard error. Throws Failure.
Child spawn_self(const std::vector<std::string>& arguments, const std::vector<int>& inherited);

/// How a child ended: exit code, or the signal that killed it.
struct Ending {
  int exit_code = 0;
  int signal = 0;
};

/// Takes the ending of a child that has ended (its pidfd is readable).
Ending reap(const Child& child);

/// Sends a signal to a child.
void send_signal(const Child& child, int signal);

/// A duplicate of another process's descriptor, or -1 (pidfd_getfd(2)). The caller closes it.
int borrow_descriptor(const Child& child, int fd);

/// `SIGKILL` for 9; `signal 70` for one without a name here.
std::string signal_name(int signal);

}  // namespace ipc
