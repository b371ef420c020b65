/// The folder of objects that are files, made and checked before anything is put there.
#pragma once

#include <string>
#include <vector>

namespace ipc {

/// The path of run_folder(), which exists afterwards: mode 0700, a real folder, this user's own. Throws Failure, also when
/// somebody else was there first (/tmp is open to all).
std::string made_run_folder();

/// The path of this session's object WHAT in run_folder(): the same in the supervisor and in its peers.
std::string run_path(int owner_pid, const std::string& what);

/// Files of this process in run_folder(), removed with this list at the latest.
class RunFiles {
 public:
  RunFiles() = default;
  ~RunFiles() { remove(); }
  RunFiles(const RunFiles&) = delete;
  RunFiles& operator=(const RunFiles&) = delete;

  /// A path for this process's object WHAT where nothing lies: what has the name was left behind by a process that had
  /// this pid before, and is removed. Throws Failure.
  const std::string& reserve(const std::string& what);
  const std::vector<std::string>& paths() const { return paths_; }
  void remove();

 private:
  std::vector<std::string> paths_;
};

}  // namespace ipc
