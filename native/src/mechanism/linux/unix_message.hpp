/// Unix sockets that keep the borders of messages: which sizes they take, and what a message takes of their memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "options/settings.hpp"

namespace ipc {

/// SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET.
int unix_type_of(const Settings& settings);

/// Gives a Unix socket the capacity that was asked for; the greatest where nothing was and the variant is not plain. Only the
/// sender's buffer bounds it; SO_RCVBUF has no effect (unix(7)). Throws Failure.
void ask_for_unix_capacity(int fd, const Settings& settings);

/// Sends one message without waiting, takes it out again, and answers how much of the send buffer it took meanwhile, bytes:
/// the kernel charges its own bookkeeping too, 768 for a message of 64 bytes. 0 when it did not go in as one piece; errno
/// then tells why.
std::uint64_t memory_of_message(int from, int to, std::size_t size);

/// Refuses messages that the socket does not take in one piece: what fits depends on the send buffer, and on the greatest
/// piece of memory that the kernel gives to a message. It is tried rather than computed. `instead`:
/// what takes any size, for the remedy; may be empty. Throws Failure.
void resolve_unix_size(const Settings& settings, std::string_view instead = "--kind stream");

}  // namespace ipc
