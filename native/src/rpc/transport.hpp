/// Whole messages over a connected socket: marked records on a stream, or one message a datagram.
#pragma once

#include "rpc/record.hpp"

namespace ipc::rpc {

enum class Framing { stream, datagram };

/// The greatest datagram over UDP and IPv4, bytes: 65,535 less the two headers (udp(7)).
inline constexpr std::size_t kMaxDatagramBytes = 65'507;

/// A blocking socket, which it closes at its end. Throws Failure where a call fails.
class Transport {
 public:
  /// `limit`: the longest message that is taken, bytes.
  Transport(int fd, Framing framing, std::size_t limit);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  Framing framing() const { return framing_; }

  void send(BytesView message);

  /// The next message, which stays until the next call; empty when none came in the socket's time (SO_RCVTIMEO). Throws
  /// Failure too when the other side has closed, and for a record above the limit.
  BytesView receive();

 private:
  BytesView receive_record();
  BytesView receive_datagram();

  int fd_;
  Framing framing_;
  RecordReader reader_;
  Bytes datagram_;
};

/// A socket to `port` of 127.0.0.1 that waits at most `patience_ms` for each answer. Throws Failure.
int connect_loopback(unsigned port, Framing framing, int patience_ms);

}  // namespace ipc::rpc
