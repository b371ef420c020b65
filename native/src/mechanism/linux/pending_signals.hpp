/// Which signals are pending for a process, seen from outside (proc_pid_status(5)).
#pragma once

#include <cstdint>

#include "system/owned_fd.hpp"

namespace ipc {

class PendingSignals {
 public:
  struct Reading {
    bool valid = false;
    /// Signals queued for all processes of the user, and the limit of this one (SigQ).
    std::uint64_t of_user = 0;
    std::uint64_t limit = 0;
    /// A bit for each signal that is pending for the process as a whole (ShdPnd).
    std::uint64_t pending = 0;

    bool is_pending(int signal) const { return (pending >> (signal - 1) & 1) != 0; }
  };

  /// Keeps the file open: it goes on to mean this process, and answers nothing once that is gone.
  explicit PendingSignals(int pid);

  Reading read() const;

 private:
  OwnedFd status_;
};

}  // namespace ipc
