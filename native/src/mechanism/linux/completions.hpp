/// Which buffers the kernel still reads from, by the notifications of MSG_ZEROCOPY.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "peer/context.hpp"

namespace ipc {

/// Every send that succeeds with MSG_ZEROCOPY has a number, from 0 on; a notification names a range of them
/// (Documentation/networking/msg_zerocopy.rst). One buffer may take several sends, and they may end in any order.
class Completions {
 public:
  Completions(PeerContext& context, int fd, std::size_t buffers);

  /// A send out of this buffer has succeeded.
  void expect(std::size_t buffer);

  /// Sends that have not ended.
  std::uint64_t pending() const { return sent_ - ended_; }

  /// Takes the notifications that are there; answers whether there were any.
  bool take();

  /// Waits until the buffer may be written to. `closed` when the connection ended before.
  Outcome await(std::size_t buffer);
  /// Waits until anything has ended.
  Outcome await_any();

 private:
  void end(std::uint32_t first, std::uint32_t last, bool copied);

  PeerContext& context_;
  int fd_;
  std::vector<std::uint32_t> pending_;
  /// The buffer of a send, by its number modulo their count, which is a power of two.
  std::vector<std::uint32_t> buffer_of_;
  std::uint64_t sent_ = 0;
  std::uint64_t ended_ = 0;
  std::uint64_t copied_ = 0;
};

}  // namespace ipc
