#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "catalogue/catalogue.hpp"
#include "check.hpp"
#include "measure/stats_page.hpp"
#include "options/parse.hpp"
#include "ownership/names.hpp"
#include "ownership/run_folder.hpp"
#include "protocol/failure.hpp"
#include "session/resource.hpp"

using namespace ipc;

namespace {

/// XDG_RUNTIME_DIR is an empty folder of the test's own while this lives.
class Runtime {
 public:
  Runtime() {
    char path[] = "/tmp/ipc-scope-test-XXXXXX";
    path_ = mkdtemp(path);
    setenv("XDG_RUNTIME_DIR", path_.c_str(), 1);
  }
  ~Runtime() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

mode_t mode_of(const std::string& path) {
  struct stat status {};
  lstat(path.c_str(), &status);
  return status.st_mode;
}

/// Code and the place of the refusal, or `made`.
std::string outcome() {
  try {
    made_run_folder();
  } catch (const Failure& failure) {
    return std::string(name_of(failure.code)) + "|" + failure.where;
  }
  return "made";
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  if (!std::filesystem::exists(folder)) return names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.push_back(entry.path().filename());
  return names;
}

/// What the supervisor holds of a session that no peer has joined.
class Session {
 public:
  Session(const std::string& mechanism, const std::string& pattern)
      : row_(mechanism_row(mechanism)),
        page_(parse_settings(row_, row_.options(), {"--pattern", pattern})),
        resource_(row_.create(page_->settings, *page_)) {}
  Resource& resource() { return *resource_; }

 private:
  const MechanismRow& row_;
  PageMapping page_;
  std::unique_ptr<Resource> resource_;
};

}  // namespace

CASE("the run folder is made for its owner alone, and found again") {
  const Runtime runtime;
  EQUAL(outcome(), "made");
  EQUAL(mode_of(run_folder()) & 07777, 0700U);
  EQUAL(outcome(), "made");
}

CASE("our own folder that others may enter is closed to them") {
  const Runtime runtime;
  mkdir(run_folder().c_str(), 0700);
  chmod(run_folder().c_str(), 0777);
  EQUAL(outcome(), "made");
  EQUAL(mode_of(run_folder()) & 07777, 0700U);
}

CASE("a link, a file, or a place that cannot be is refused") {
  const Runtime runtime;
  EQUAL(symlink("/tmp", run_folder().c_str()), 0);
  EQUAL(outcome(), "no_permission|" + run_folder());
  unlink(run_folder().c_str());
  close(open(run_folder().c_str(), O_CREAT | O_WRONLY, 0600));
  EQUAL(outcome(), "no_permission|" + run_folder());
  setenv("XDG_RUNTIME_DIR", (runtime.path() + "/nowhere").c_str(), 1);
  EQUAL(outcome(), "no_permission|" + run_folder());
}

CASE("a folder of another user is refused") {
  if (geteuid() != 0) return;  // nobody else may give a folder away
  const Runtime runtime;
  mkdir(run_folder().c_str(), 0700);
  HOLDS(chown(run_folder().c_str(), 12'345, 12'345) == 0);
  EQUAL(outcome(), "no_permission|" + run_folder());
}

CASE("a session that nobody ever joined leaves nothing, nor does one that all have joined") {
  const Runtime runtime;
  for (const char* mechanism : {"fifo", "mmap", "file"}) {
    for (const char* pattern : {"stream", "pingpong"}) {
      {
        const Session session(mechanism, pattern);
        HOLDS(!names_in(run_folder()).empty());
        for (const std::string& name : names_in(run_folder())) {
          EQUAL(owner_of(name).value_or(0), getpid());
          EQUAL(mode_of(run_folder() + "/" + name) & 07777, 0600U);
        }
      }
      EQUAL(names_in(run_folder()).size(), 0U);
      Session session(mechanism, pattern);
      session.resource().started();
      session.resource().opened();
      EQUAL(names_in(run_folder()).size(), 0U);
    }
  }
}

CASE("what a dead process with our pid left behind is in nobody's way") {
  const Runtime runtime;
  made_run_folder();
  for (const auto& [mechanism, what] : {std::pair{"fifo", "fifo-0"}, {"mmap", "mmap-0"}, {"file", "file-0"}}) {
    close(open(run_path(getpid(), what).c_str(), O_CREAT | O_WRONLY, 0600));
    { const Session session(mechanism, "stream"); }
    EQUAL(names_in(run_folder()).size(), 0U);
  }
}
