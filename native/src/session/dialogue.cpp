#include "session/dialogue.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "protocol/failure.hpp"

namespace ipc {

Dialogue::Dialogue(StatsPage& page)
    : longest_(std::min(kMaxUtteranceBytes, static_cast<std::size_t>(page.settings.size_bytes) - kHeaderBytes)) {
  for (unsigned i = 0; i < page.settings.processes(); ++i) {
    int fds[2];
    // SOCK_SEQPACKET: a line stays a line.
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0) throw system_failure("socketpair", errno);
    pairs_.push_back({OwnedFd(fds[0]), OwnedFd(fds[1])});
    page.slots[i].talk_fd = fds[1];
  }
}

void Dialogue::started() {
  for (Pair& pair : pairs_) pair.peer = OwnedFd();
}

void Dialogue::say(unsigned ordinal, std::string_view text) {
  check_utterance(text, longest_);
  const ssize_t put =
      ::send(pairs_[ordinal].supervisor.get(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (put == static_cast<ssize_t>(text.size())) {
    ++said_;
    return;
  }
  Failure failure = system_failure("say", put < 0 ? errno : EMSGSIZE);
  failure.code = ErrorCode::bad_command;
  failure.message = "the process takes no more lines now";
  failure.remedy = "See whether it is stopped (SIGSTOP, a debugger) or has ended.";
  throw failure;
}

std::vector<Utterance> Dialogue::take_heard() {
  std::vector<Utterance> all;
  for (unsigned ordinal = 0; ordinal < pairs_.size(); ++ordinal) {
    OwnedFd& socket = pairs_[ordinal].supervisor;
    while (socket.get() >= 0) {
      std::array<char, sizeof(UtteranceReport) + kMaxUtteranceBytes> letter;
      const ssize_t got = ::recv(socket.get(), letter.data(), letter.size(), MSG_DONTWAIT);
      // ECONNRESET, told once: the peer ended without having said everything. What it reported before still lies here.
      if (got < 0 && (errno == EINTR || errno == ECONNRESET)) continue;
      // 0: the peer has ended.
      if (got == 0 || (got < 0 && errno != EAGAIN)) socket = OwnedFd();
      if (got < static_cast<ssize_t>(sizeof(UtteranceReport))) break;
      Utterance one{{}, ordinal, std::string(letter.data() + sizeof one.report, letter.data() + got)};
      std::memcpy(&one.report, letter.data(), sizeof one.report);
      all.push_back(std::move(one));
    }
  }
  std::ranges::stable_sort(all, {}, [](const Utterance& one) { return one.report.received_ns; });
  heard_ += all.size();
  return all;
}

void Dialogue::close() {
  for (const Pair& pair : pairs_) {
    // What was handed over before is still said.
    if (pair.supervisor.get() >= 0) ::shutdown(pair.supervisor.get(), SHUT_WR);
  }
}

}  // namespace ipc
