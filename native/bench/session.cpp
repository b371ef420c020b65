#include "session.hpp"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <vector>

namespace bare {

namespace {

constexpr int kPatienceMs = 60'000;
/// Both children sleep for so long before they are timed, as those of a session of the helper do: some channels keep for
/// seconds the pace they fell into at the start.
constexpr timespec kRest{0, 5'000'000};

}  // namespace

void pin(const std::string& placement, unsigned ordinal) {
  if (placement == "free") return;
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) die("sched_getaffinity");
  std::vector<unsigned> cpus;
  for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &allowed)) cpus.push_back(cpu);
  }
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpus[placement == "same" ? 0 : ordinal % cpus.size()], &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) die("sched_setaffinity");
}

Session::Session(const Options& options) : options_(options) {
  void* page = mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (page == MAP_FAILED) die("mmap");
  report_ = new (page) Report;
  if (pipe(ready_) != 0 || pipe(go_[0]) != 0 || pipe(go_[1]) != 0) die("pipe");
}

void Session::await_go() {
  char word = 'r';
  if (write(ready_[1], &word, 1) != 1) die("write");
  if (read(own_go_, &word, 1) != 1) die("read");
}

void Session::start(Role role, const std::function<void()>& work) {
  const int parent = getpid();
  const int pid = fork();
  if (pid < 0) die("fork");
  if (pid > 0) {
    pids_[role == Role::producer ? 0 : 1] = pid;
    return;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) std::exit(3);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) signal(number, SIG_DFL);
  signal(SIGPIPE, SIG_IGN);
  pin(options_.placement, role == Role::producer ? 0 : 1);
  own_go_ = go_[role == Role::producer ? 0 : 1][0];
  work();
  _exit(0);
}

void Session::await_ready() {
  for (int children = 0; children < 2;) {
    pollfd entry{ready_[0], POLLIN, 0};
    const int ready = poll(&entry, 1, kPatienceMs);
    if (ready < 0 && errno == EINTR) continue;
    char words[2];
    const ssize_t got = ready > 0 ? read(ready_[0], words, sizeof words) : 0;
    if (got <= 0) {
      std::fputs(ready == 0 ? "bare-loops: nothing moved for a minute\n" : "bare-loops: a process failed\n", stderr);
      kill_all();
      std::exit(3);
    }
    children += static_cast<int>(got);
  }
}

void Session::give_go() {
  for (const auto& pipe : go_) {
    if (write(pipe[1], "g", 1) != 1) die("write");
  }
}

void Session::kill_all() {
  for (const int pid : pids_) {
    if (pid > 0) kill(pid, SIGKILL);
  }
}

void Session::lead() {
  close(ready_[1]);
  await_ready();
  give_go();
  await_ready();
  nanosleep(&kRest, nullptr);
  const std::uint64_t begin = now_ns();
  give_go();
  // Both hold the pipe until they end, so it ends when they have; a killed one leaves the other waiting.
  bool failed = false;
  const std::uint64_t deadline = begin + std::uint64_t{kPatienceMs} * 1'000'000;
  for (int left = 2; left > 0;) {
    int status = 0;
    const int pid = waitpid(-1, &status, WNOHANG);
    if (pid > 0) {
      --left;
      if (status != 0) {
        failed = true;
        kill_all();
      }
      continue;
    }
    if (now_ns() > deadline && !failed) {
      std::fputs("bare-loops: not done after a minute\n", stderr);
      failed = true;
      kill_all();
    }
    pollfd entry{ready_[0], 0, 0};
    poll(&entry, 1, 20);
  }
  if (failed) std::exit(3);
  print(begin);
}

void Session::print(std::uint64_t begin_ns) {
  const Report& report = *report_;
  const std::uint64_t duration = std::max<std::uint64_t>(1, report.end_ns - begin_ns);
  std::vector<std::uint32_t> times(report.samples, report.samples + std::min(report.samples_taken, Report::kMaxSamples));
  std::sort(times.begin(), times.end());
  std::printf("{\"messages\":%llu,\"duration_ns\":%llu,\"messages_per_s\":%.1f,\"lost\":%llu,\"faults\":%llu,",
              static_cast<unsigned long long>(report.messages), static_cast<unsigned long long>(duration),
              static_cast<double>(report.messages) * 1e9 / static_cast<double>(duration),
              static_cast<unsigned long long>(options_.messages - report.messages),
              static_cast<unsigned long long>(report.faults));
  if (times.empty()) {
    std::puts("\"p50_ns\":null,\"p99_ns\":null}");
  } else {
    std::printf("\"p50_ns\":%u,\"p99_ns\":%u}\n", times[(times.size() - 1) / 2], times[(times.size() - 1) * 99 / 100]);
  }
}

}  // namespace bare
