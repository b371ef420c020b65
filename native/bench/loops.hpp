/// The four loops, as short as they can be. Of what the helper's loops do for a message (native/src/peer/loops.hpp) they keep the
/// number, written by the sender and compared by the receiver; they leave out the counters, the orders, the sampling of
/// one-way latency, the call log, and the length in the header, which the helper compares too.
///
/// A port offers
///   void put(const char*, std::size_t)           sends one message, all of it
///   std::size_t take(char*, std::size_t)         receives one message, all of it; answers its bytes
///   void flush()                                 of ports that gather messages: passes on what they hold back
///   static constexpr bool kLossy                 whether the system may throw a message away
#pragma once

#include <cstring>
#include <memory>
#include <new>

#include "session.hpp"

namespace bare {

/// As the helper's: aligned to cache lines, every page touched before the clock runs.
class Buffer {
 public:
  explicit Buffer(std::size_t size)
      : bytes_(static_cast<char*>(::operator new(kHeadroom + size, std::align_val_t{64}))) {
    std::memset(bytes_, 'x', kHeadroom + size);
  }
  ~Buffer() { ::operator delete(bytes_, std::align_val_t{64}); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  /// Bytes in front of it may be written too, for the type of a System V message.
  char* data() { return bytes_ + kHeadroom; }

 private:
  static constexpr std::size_t kHeadroom = 64;
  char* bytes_;
};

inline void set_number(char* message, std::uint64_t number) { std::memcpy(message, &number, sizeof number); }

inline std::uint64_t number_of(const char* message) {
  std::uint64_t number;
  std::memcpy(&number, message, sizeof number);
  return number;
}

template <class Port>
void send_stream(Session& session, Port& port) {
  const std::size_t size = session.options().size;
  Buffer message(size);
  session.phases([&](const Phase& phase) {
    for (std::uint64_t number = phase.first; number < phase.end; ++number) {
      set_number(message.data(), number);
      port.put(message.data(), size);
    }
    if constexpr (requires { port.flush(); }) port.flush();
    if constexpr (Port::kLossy) port.mark_end(phase.index, session.report().phases_over);
  });
}

template <class Port>
void take_stream(Session& session, Port& port) {
  const std::size_t size = session.options().size;
  Buffer message(size);
  session.phases([&](const Phase& phase) {
    std::uint64_t expected = phase.first;
    std::uint64_t faults = 0;
    std::uint64_t arrived = 0;
    if constexpr (Port::kLossy) {
      for (;;) {
        const std::size_t got = port.take(message.data(), size);
        if (got == Port::mark_size(phase.index)) break;
        if (got != size) continue;  // the mark of the phase before
        const std::uint64_t number = number_of(message.data());
        faults += number < expected;
        expected = number + 1;
        ++arrived;
      }
      session.report().phases_over.store(phase.index + 1);
    } else {
      for (; expected < phase.end; ++expected) {
        port.take(message.data(), size);
        faults += number_of(message.data()) != expected;
      }
      arrived = phase.end - phase.first;
    }
    session.report().end_ns = now_ns();
    if constexpr (requires { port.flush(); }) port.flush();
    session.report().messages = arrived;
    session.report().faults += faults;
  });
}

/// One round trip in so many is timed, so that the clock does not slow down those of a spinning channel. Each is timed as the
/// helper times its samples: one reading before the message is sent, one after the answer is there.
inline constexpr std::uint64_t kTimedOneIn = 16;

template <class Port>
void ask(Session& session, Port& port) {
  const std::size_t size = session.options().size;
  Buffer message(size);
  Buffer answer(size);
  session.phases([&](const Phase& phase) {
    std::uint64_t faults = 0;
    for (std::uint64_t number = phase.first; number < phase.end; ++number) {
      const bool timed = number % kTimedOneIn == 0;
      const std::uint64_t begin = timed ? now_ns() : 0;
      set_number(message.data(), number);
      port.put(message.data(), size);
      port.take(answer.data(), size);
      if (timed && phase.index != 0) session.report().sample(now_ns() - begin);
      faults += number_of(answer.data()) != number;
    }
    session.report().end_ns = now_ns();
    session.report().messages = phase.end - phase.first;
    session.report().faults += faults;
  });
}

template <class Port>
void answer(Session& session, Port& port) {
  const std::size_t size = session.options().size;
  Buffer message(size);
  session.phases([&](const Phase& phase) {
    for (std::uint64_t number = phase.first; number < phase.end; ++number) {
      port.take(message.data(), size);
      if (number_of(message.data()) != number) die("a request out of order");
      port.put(message.data(), size);
    }
  });
}

/// Runs both processes over the ports that `make` gives each.
template <class Make>
void run(Session& session, Make&& make) {
  const bool pingpong = session.options().pingpong();
  for (const Role role : {Role::consumer, Role::producer}) {
    session.start(role, [&] {
      auto port = make(role);
      if (role == Role::producer) {
        pingpong ? ask(session, port) : send_stream(session, port);
      } else {
        pingpong ? answer(session, port) : take_stream(session, port);
      }
    });
  }
  session.lead();
}

}  // namespace bare
