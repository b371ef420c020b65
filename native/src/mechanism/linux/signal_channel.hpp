/// A channel of signals between processes (signal(7)): nobody is interrupted by them, they are blocked and waited for.
///
/// Standard signals carry their number and nothing else, and while one is pending further ones of its number are merged
/// into it. Real-time signals are queued in their order, each with a value of 8 bytes (sigqueue(3)).
#pragma once

#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "measure/message.hpp"
#include "mechanism/linux/signal_partners.hpp"
#include "mechanism/posix/send_times.hpp"
#include "peer/context.hpp"

namespace ipc {

/// What carries the messages of either kind. Of several that are pending Linux hands out the one with the lowest number
/// first (signal(7)), so that the end comes after all messages.
inline int message_signal(bool queued) { return queued ? SIGRTMIN : SIGUSR1; }
/// Wakes a receiver: a sender has finished, or the session is abandoned. Sent without a value, so no limit refuses it.
inline int end_signal() { return SIGRTMIN + 1; }

/// Bytes of a message: the value of a queued signal, and of a standard one its number, which is all that arrives.
inline constexpr std::uint64_t kQueuedBytes = sizeof(sigval);
inline constexpr std::uint64_t kStandardBytes = 1;

template <bool kQueued>
class SignalChannel {
 public:
  static constexpr bool kUnordered = false;
  static constexpr bool kCounts = false;

  /// `times`: an entry for each producer; only queued signals have numbers by which to find theirs.
  SignalChannel(PeerContext& context, const SignalPartners& partners, SendTimes* times)
      : context_(context), partners_(partners), times_(times), blocking_(context.settings().blocking) {
    sigemptyset(&awaited_);
    sigaddset(&awaited_, signal_);
    sigaddset(&awaited_, end_signal());
    out_.si_signo = signal_;
    out_.si_code = SI_QUEUE;
    out_.si_pid = getpid();
    out_.si_uid = getuid();
  }

  template <bool Logged>
  Outcome send(const std::byte* data, std::size_t size) {
    if constexpr (kQueued) std::memcpy(&out_.si_value, data, kQueuedBytes);
    const long sent = traced<Logged>(context_, CallName::pidfd_send_signal, partners_.receiver.get(), size,
                                     [&] { return put(signal_, kQueued ? &out_ : nullptr); });
    if (sent == 0) [[likely]] return Outcome::done;
    return send_again(size);
  }

  template <bool Logged>
  Outcome receive(std::byte* data, std::size_t size) {
    siginfo_t info;
    const int taken = blocking_ ? traced<Logged>(context_, CallName::sigwaitinfo, -1, size,
                                                 [&] { return sigwaitinfo(&awaited_, &info); })
                                : traced<Logged>(context_, CallName::sigtimedwait, -1, size, [&] { return look(info); });
    if (taken == signal_ && accept(data, info)) [[likely]] return Outcome::done;
    return receive_again(data, size, taken);
  }

  void finish_sending() {
    if (context_.role() != Role::producer) return;
    // Who receives the signal looks at this.
    context_.note_finish();
    context_.count_extra_call();
    put(end_signal(), nullptr);
  }

  /// Keeps the time of a message that is about to be sent.
  void keep_time(std::uint64_t number, std::uint64_t sent_ns)
    requires kQueued
  {
    times_[context_.index()].keep(number, sent_ns);
  }
  /// When a message that has arrived was sent; 0 where nobody kept it.
  std::uint64_t kept_time(std::uint64_t number)
    requires kQueued
  {
    const std::uint64_t sender = number >> kSenderShift;
    return sender < partners_.senders.size() ? times_[sender].take(number & kNumberMask) : 0;
  }

 private:
  static constexpr std::uint64_t kNumberMask = (std::uint64_t{1} << kSenderShift) - 1;
  /// Nothing tells a sender that there is room again, so it looks again after this time.
  static constexpr timespec kPause{0, 100'000};

  long put(int signal, siginfo_t* info) {
    return syscall(SYS_pidfd_send_signal, partners_.receiver.get(), signal, info, 0);
  }

  /// Takes a signal that is pending; EAGAIN when there is none.
  int look(siginfo_t& info) {
    constexpr timespec kAtOnce{0, 0};
    return sigtimedwait(&awaited_, &info, &kAtOnce);
  }

  /// False for a signal that somebody else sent: any process of the same user may.
  bool accept(std::byte* data, const siginfo_t& info) {
    if constexpr (kQueued) {
      std::uint64_t number = 0;
      std::memcpy(&number, &info.si_value, sizeof number);
      const std::uint64_t sender = number >> kSenderShift;
      if (info.si_code != SI_QUEUE || sender >= partners_.senders.size()) return false;
      if (info.si_pid != partners_.senders[sender]) return false;
      std::memcpy(data, &info.si_value, kQueuedBytes);
    } else {
      // Without room in the queue a standard signal comes all the same, only without its sender.
      if (info.si_pid != 0 && info.si_pid != partners_.senders.front()) return false;
      // It has no number: what is told of it is which arrival it is, so that only the sum can show what is missing.
      const auto arrival = static_cast<unsigned char>(arrived_++);
      std::memcpy(data, &arrival, kStandardBytes);
    }
    return true;
  }

  /// Whether every sender has said that it sends no more. Their last messages may still be pending.
  bool all_finished() const {
    if (context_.role() == Role::producer) return false;
    for (std::uint64_t i = 0; i < context_.producers(); ++i) {
      if (context_.page().slots[i].finished_ns.get() == 0) return false;
    }
    return true;
  }

  [[gnu::noinline]] Outcome send_again(std::size_t size) {
    for (;;) {
      const int error = errno;
      if (error != EAGAIN) {
        context_.log_error(CallName::pidfd_send_signal, partners_.receiver.get(), size, -1, error);
        return error == ESRCH ? context_.broken(error) : context_.failed("pidfd_send_signal", error);
      }
      // RLIMIT_SIGPENDING is reached.
      if (context_.abandoned()) return Outcome::closed;
      context_.count_would_block();
      context_.count_wait();
      context_.log_error(CallName::pidfd_send_signal, partners_.receiver.get(), size, -1, error);
      context_.count_extra_call();
      clock_nanosleep(CLOCK_MONOTONIC, 0, &kPause, nullptr);
      context_.count_extra_call();
      if (put(signal_, kQueued ? &out_ : nullptr) == 0) return Outcome::done;
    }
  }

  [[gnu::noinline]] Outcome receive_again(std::byte* data, std::size_t size, int taken) {
    siginfo_t info;
    for (;;) {
      const int error = taken < 0 ? errno : 0;
      if (context_.abandoned()) return Outcome::closed;
      const bool finished = all_finished();
      if (error == EAGAIN) {
        if (finished) return Outcome::closed;
        context_.count_would_block();
        context_.count_wait();
        context_.log_error(CallName::sigtimedwait, -1, size, taken, error);
      } else if (error != 0 && error != EINTR) {
        context_.log_error(CallName::sigwaitinfo, -1, size, taken, error);
        return context_.failed("sigwaitinfo", error);
      }
      context_.count_extra_call();
      // Once all have finished, only what is pending already is taken.
      taken = finished ? look(info) : sigwaitinfo(&awaited_, &info);
      if (taken == signal_ && accept(data, info)) return Outcome::done;
    }
  }

  PeerContext& context_;
  const SignalPartners& partners_;
  SendTimes* times_;
  bool blocking_;
  int signal_ = message_signal(kQueued);
  sigset_t awaited_;
  siginfo_t out_{};
  std::uint64_t arrived_ = 0;
};

}  // namespace ipc
