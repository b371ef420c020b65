#include "system/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "protocol/failure.hpp"

namespace ipc {

bool tie_to_parent(int expected) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have died before the call took effect, see prctl(2).
  return getppid() == expected;
}

void name_process(const std::string& name) { prctl(PR_SET_NAME, name.c_str()); }

void sharpen_timers() { prctl(PR_SET_TIMERSLACK, 1UL); }

Child spawn_self(const std::vector<std::string>& arguments, const std::vector<int>& inherited) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);

  // An error of exec comes back through this pipe; success closes it (FD_CLOEXEC).
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) throw system_failure("pipe2", errno);

  const pid_t pid = fork();
  if (pid < 0) {
    const int error = errno;
    close(report[0]);
    close(report[1]);
    throw system_failure("fork", error);
  }
  if (pid == 0) {
    // Only async-signal-safe calls between fork and exec.
    const int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    if (nothing > STDERR_FILENO) close(nothing);
    for (const int fd : inherited) fcntl(fd, F_SETFD, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    // Ctrl-C reaches the whole process group; only the supervisor acts on it, and ends the session in order.
    signal(SIGINT, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    execve("/proc/self/exe", argv.data(), environ);
    const int error = errno;
    [[maybe_unused]] const ssize_t written = write(report[1], &error, sizeof error);
    _exit(kExitSystem);
  }
  close(report[1]);
  int error = 0;
  ssize_t got = 0;
  do {
    got = read(report[0], &error, sizeof error);
  } while (got < 0 && errno == EINTR);
  close(report[0]);
  Child child{pid, static_cast<int>(syscall(SYS_pidfd_open, pid, 0))};
  if (got == 0 && child.pidfd < 0) error = errno;
  if (error != 0) {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    throw system_failure(got > 0 ? "execve" : "pidfd_open", error);
  }
  fcntl(child.pidfd, F_SETFD, FD_CLOEXEC);
  return child;
}

Ending reap(const Child& child) {
  int status = 0;
  while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (child.pidfd >= 0) close(child.pidfd);
  Ending ending;
  if (WIFEXITED(status)) ending.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ending.signal = WTERMSIG(status);
  return ending;
}

void send_signal(const Child& child, int signal) { kill(child.pid, signal); }

int borrow_descriptor(const Child& child, int fd) {
  return static_cast<int>(syscall(SYS_pidfd_getfd, child.pidfd, fd, 0));
}

std::string signal_name(int signal) {
  switch (signal) {
    case SIGHUP: return "SIGHUP";
    case SIGINT: return "SIGINT";
    case SIGQUIT: return "SIGQUIT";
    case SIGILL: return "SIGILL";
    case SIGTRAP: return "SIGTRAP";
    case SIGABRT: return "SIGABRT";
    case SIGBUS: return "SIGBUS";
    case SIGFPE: return "SIGFPE";
    case SIGKILL: return "SIGKILL";
    case SIGUSR1: return "SIGUSR1";
    case SIGSEGV: return "SIGSEGV";
    case SIGUSR2: return "SIGUSR2";
    case SIGPIPE: return "SIGPIPE";
    case SIGALRM: return "SIGALRM";
    case SIGTERM: return "SIGTERM";
    case SIGXCPU: return "SIGXCPU";
    case SIGXFSZ: return "SIGXFSZ";
    case SIGSYS: return "SIGSYS";
    default: return "signal " + std::to_string(signal);
  }
}

}  // namespace ipc
