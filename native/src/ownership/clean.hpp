/// Finding and removing what sessions left behind that were killed before they could tidy up.
#pragma once

#include <string>
#include <vector>

namespace ipc {

struct Leftover {
  /// shared_memory, message_queue, fifo, socket or file.
  std::string kind;
  /// Of a System V object, which has no name: its key.
  std::string name;
  int owner_pid;
};

/// Removes the objects of dead sessions of this user; those of running sessions and of other users are left alone.
std::vector<Leftover> clean_leftovers();

/// The `cleaned` frame.
std::string cleaned_frame(const std::vector<Leftover>& removed);

}  // namespace ipc
