/// The loops of producer and consumer, as templates over a channel, so that no virtual call stands on a message's path.
///
/// A channel offers
///   template <bool Logged> Outcome send(const std::byte*, std::size_t)
///   template <bool Logged> Outcome receive(std::byte*, std::size_t)
///   void finish_sending()
///   void flush()                       of channels that gather messages: passes on what they hold back
///   std::byte* place()                 of channels that send out of their own memory: where the next message is made
///   const std::byte* message()         of channels that cut messages out of their own memory: the one received last
///   static constexpr bool kCounts      words of its own in shared memory count the messages of a stream already
///   static constexpr bool kUnordered   nothing orders sender and receiver, so messages may be lost, repeated and torn
///   void keep_time(number, ns), kept_time(number)   of channels whose messages have no room for the time of a sample
///   static constexpr bool kLossy       only of channels that carry datagrams: whether the system may throw one away
/// `Publish` off leaves out what is published for each message: where the channel counts anyway, and in the loops that the
/// benchmark of the overhead compares with. There is no other difference in their machine code, because where two
/// sides wait for each other the accident of its layout weighs more than measuring does.
#pragma once

#include <cerrno>

#include "peer/context.hpp"
#include "peer/dialogue.hpp"
#include "peer/message_io.hpp"
#include "peer/schedule.hpp"

namespace ipc {

/// A channel whose messages have no room for the time: it keeps the send times of samples beside them.
template <class Channel>
concept KeepsTimes = requires(Channel channel) { channel.kept_time(std::uint64_t{}); };

/// A channel whose `receive` may answer `cut`, and `lost` where it is lossy.
template <class Channel>
concept CarriesDatagrams = requires { Channel::kLossy; };

/// From the message with this number on, messages are made as the orders want them. Only called when that has changed, so
/// that what was told of the messages before stays true for longer.
[[gnu::always_inline]] inline void turn(PeerContext& context, MessageWriter& writer, Verify& verify,
                                        std::uint64_t number) {
  verify = context.verify();
  writer.turn(verify);
  context.tell_making({number, verify});
}

/// Whose messages this session's consumers take.
inline Senders senders_of(PeerContext& context) {
  const Settings& settings = context.settings();
  return {settings.producers, settings.shared_channel(), &context.page().slots[0]};
}

template <class Channel>
void flush(Channel& channel) {
  if constexpr (requires { channel.flush(); }) channel.flush();
}

/// The message with this number, made where the channel wants it.
template <class Channel>
const std::byte* make(MessageWriter& writer, Channel& channel, std::uint64_t number, std::uint64_t sent_ns) {
  if constexpr (requires { channel.place(); }) {
    return writer.make_at(channel.place(), number, sent_ns);
  } else {
    return writer.make(number, sent_ns);
  }
}

/// Where the message that was received last lies.
template <class Channel>
const std::byte* received(const Channel& channel, MessageBuffer& buffer) {
  if constexpr (requires { channel.message(); }) {
    return channel.message();
  } else {
    return buffer.data();
  }
}

/// Sends messages until it is told to stop or has sent as many as were asked for.
template <bool Publish, class Channel>
Outcome produce_stream(PeerContext& context, Channel& channel) {
  const Settings& settings = context.settings();
  Verify verify = verify_of(settings);
  MessageWriter writer(settings.size_bytes, verify, Channel::kUnordered, context.index());
  context.tell_making({0, verify});
  Schedule schedule(context, sample_cost_ns(1));
  Counter& published = context.slot().messages;
  Outcome outcome = Outcome::done;
  std::uint64_t sequence = 0;
  // A function of its own: what is rare must not take registers from what is done for every message.
  const auto attended = [&] [[gnu::noinline]] {
    const Schedule::Marks marks = schedule.attend(sequence);
    const std::byte* message = make(writer, channel, sequence, marks.sent_ns);
    if constexpr (KeepsTimes<Channel>) {
      if (marks.sent_ns != 0) channel.keep_time(sequence, marks.sent_ns);
    }
    const Outcome sent = marks.logged ? channel.template send<true>(message, writer.size())
                                      : channel.template send<false>(message, writer.size());
    schedule.attended(sequence);
    return sent;
  };
  const auto pass_on = [&] { flush(channel); };
  context.ready();
  for (;;) {
    if (context.orders_changed()) [[unlikely]] {
      pass_on();
      if (!schedule.obey(sequence)) break;
      if (context.verify() != verify) turn(context, writer, verify, sequence);
    }
    if (schedule.needs_attention(sequence)) [[unlikely]] {
      if (schedule.at_limit(sequence)) {
        context.reached_limit();
        break;
      }
      if (!schedule.wait(pass_on)) continue;
      outcome = attended();
    } else {
      if (!schedule.wait(pass_on)) continue;
      outcome = channel.template send<false>(make(writer, channel, sequence, 0), writer.size());
    }
    if (outcome != Outcome::done) [[unlikely]] break;
    ++sequence;
    if constexpr (Publish) published.set(sequence);
  }
  published.set(sequence);
  channel.finish_sending();
  return outcome;
}

/// Takes messages until the other side has closed.
template <bool Publish, class Channel>
Outcome consume_stream(PeerContext& context, Channel& channel) {
  const Settings& settings = context.settings();
  MessageBuffer buffer(settings.size_bytes);
  MessageChecker checker(context.slot(), buffer.size(), verify_of(settings), Channel::kUnordered, senders_of(context));
  Counter& published = context.slot().messages;
  Histogram& latency = context.slot().latency;
  const bool timed = KeepsTimes<Channel> || carries_time(buffer.size());
  Outcome outcome = Outcome::done;
  std::uint64_t messages = 0;
  std::uint64_t delay_ns = 0;
  bool logged = settings.stats;
  const auto receive_logged = [&] [[gnu::noinline]] {
    const Outcome received = channel.template receive<true>(buffer.data(), buffer.size());
    logged = context.logs_every_call();
    return received;
  };
  const auto take_time = [&](std::uint64_t sent_ns) [[gnu::noinline]] {
    const std::uint64_t now = now_ns();
    // Under a rate a message may leave a little before the clock is read for the one after it, never before it is due.
    latency.record(now > sent_ns ? now - sent_ns : 0);
    if (!logged) logged = context.log_sample_due(now);
  };
  context.ready();
  for (;;) {
    if (context.orders_changed()) [[unlikely]] {
      context.take_orders();
      delay_ns = context.delay_ns();
      checker.turn(context.verify(), messages);
    }
    if (logged) [[unlikely]] {
      outcome = receive_logged();
    } else {
      outcome = channel.template receive<false>(buffer.data(), buffer.size());
    }
    if constexpr (CarriesDatagrams<Channel>) {
      if (outcome == Outcome::cut) [[unlikely]] {
        checker.count_cut();
        continue;
      }
    }
    if (outcome != Outcome::done) [[unlikely]] break;
    const std::byte* const message = received(channel, buffer);
    Header header = read_header(message, buffer.size());
    if constexpr (KeepsTimes<Channel>) header.sent_ns = channel.kept_time(header.sequence);
    const Found found = checker.check(message, header);
    if constexpr (Channel::kUnordered) {
      if (found == Found::repeated) {
        context.count_extra_call();
        continue;
      }
    }
    if (header.sent_ns != 0 && timed && found == Found::good) [[unlikely]] take_time(header.sent_ns);
    ++messages;
    if constexpr (Publish) published.set(messages);
    if (delay_ns != 0) [[unlikely]] {
      flush(channel);
      context.wait_until(now_ns() + delay_ns);
    }
  }
  published.set(messages);
  checker.finish();
  return outcome;
}

/// Sends a message and waits for it to come back, again and again; the round trip is measured here, whole.
template <bool Publish, class Channel>
Outcome produce_pingpong(PeerContext& context, Channel& channel) {
  const Settings& settings = context.settings();
  Verify verify = verify_of(settings);
  MessageWriter writer(settings.size_bytes, verify, Channel::kUnordered);
  context.tell_making({0, verify});
  MessageBuffer answer(settings.size_bytes);
  MessageChecker checker(context.slot(), answer.size(), verify, Channel::kUnordered, senders_of(context));
  Schedule schedule(context, sample_cost_ns(2));
  Counter& published = context.slot().messages;
  Histogram& latency = context.slot().latency;
  Outcome outcome = Outcome::done;
  std::uint64_t sequence = 0;
  const auto exchange = [&]<bool Logged>(const std::byte* message) {
    Outcome ended = channel.template send<Logged>(message, writer.size());
    if (ended == Outcome::done) ended = channel.template receive<Logged>(answer.data(), answer.size());
    if constexpr (CarriesDatagrams<Channel>) {
      // Where answers may be lost, one that was given up on may still come: it is checked, and passed over.
      while (Channel::kLossy && ended == Outcome::done) {
        const Header header = read_header(answer.data(), answer.size());
        if (same_number(header.sequence, sequence, answer.size())) break;
        checker.check(answer.data(), header);
        ended = channel.template receive<false>(answer.data(), answer.size());
      }
    }
    return ended;
  };
  // Apart from the others, as in a stream.
  const auto attended = [&] [[gnu::noinline]] {
    const Schedule::Marks marks = schedule.attend(sequence);
    const std::byte* message = writer.make(sequence, marks.sent_ns);
    const Outcome ended =
        marks.logged ? exchange.template operator()<true>(message) : exchange.template operator()<false>(message);
    if (marks.sent_ns != 0 && ended == Outcome::done) {
      const std::uint64_t now = now_ns();
      latency.record(now > marks.sent_ns ? now - marks.sent_ns : 0);
    }
    schedule.attended(sequence);
    return ended;
  };
  context.ready();
  for (;;) {
    if (context.orders_changed()) [[unlikely]] {
      if (!schedule.obey(sequence)) break;
      if (context.verify() != verify) {
        turn(context, writer, verify, sequence);
        checker.turn(verify, sequence);
      }
    }
    if (schedule.needs_attention(sequence)) [[unlikely]] {
      if (schedule.at_limit(sequence)) {
        context.reached_limit();
        break;
      }
      if (!schedule.wait([] {})) continue;
      outcome = attended();
    } else {
      if (!schedule.wait([] {})) continue;
      outcome = exchange.template operator()<false>(writer.make(sequence, 0));
    }
    if constexpr (CarriesDatagrams<Channel>) {
      if (outcome == Outcome::cut || outcome == Outcome::lost) [[unlikely]] {
        // A lost one shows as a gap in the numbers.
        if (outcome == Outcome::cut) checker.count_cut();
        ++sequence;
        if constexpr (Publish) published.set(sequence);
        continue;
      }
    }
    if (outcome != Outcome::done) [[unlikely]] break;
    checker.check(answer.data(), read_header(answer.data(), answer.size()));
    ++sequence;
    if constexpr (Publish) published.set(sequence);
  }
  published.set(sequence);
  checker.finish();
  channel.finish_sending();
  return outcome;
}

/// Sends every message back.
template <bool Publish, class Channel>
Outcome consume_pingpong(PeerContext& context, Channel& channel) {
  const Settings& settings = context.settings();
  MessageBuffer buffer(settings.size_bytes);
  MessageChecker checker(context.slot(), buffer.size(), verify_of(settings), Channel::kUnordered, senders_of(context));
  Counter& published = context.slot().messages;
  Outcome outcome = Outcome::done;
  std::uint64_t messages = 0;
  std::uint64_t delay_ns = 0;
  bool logged = settings.stats;
  context.ready();
  for (;;) {
    if (context.orders_changed()) [[unlikely]] {
      context.take_orders();
      delay_ns = context.delay_ns();
      checker.turn(context.verify(), messages);
    }
    outcome = logged ? channel.template receive<true>(buffer.data(), buffer.size())
                     : channel.template receive<false>(buffer.data(), buffer.size());
    if constexpr (CarriesDatagrams<Channel>) {
      if (outcome == Outcome::cut) [[unlikely]] {
        checker.count_cut();
        continue;
      }
    }
    if (outcome != Outcome::done) [[unlikely]] break;
    if (delay_ns != 0) [[unlikely]] context.wait_until(now_ns() + delay_ns);
    outcome = logged ? channel.template send<true>(buffer.data(), buffer.size())
                     : channel.template send<false>(buffer.data(), buffer.size());
    // Checked while the answer is under way: what the check takes is no part of the round trip.
    const Header header = read_header(buffer.data(), buffer.size());
    checker.check(buffer.data(), header);
    if (outcome != Outcome::done) [[unlikely]] break;
    if (logged) [[unlikely]] logged = context.logs_every_call();
    // The producer marks the messages that it samples; they pace the log here too.
    if (settings.stats && header.sent_ns != 0 && !logged) logged = context.log_sample_due(now_ns());
    ++messages;
    if constexpr (Publish) published.set(messages);
  }
  published.set(messages);
  checker.finish();
  channel.finish_sending();
  return outcome;
}

/// Runs the loop that role and pattern call for.
template <bool Publish, class Channel>
Outcome run_loop(PeerContext& context, Channel& channel) {
  const bool pingpong = context.settings().pingpong();
  if (context.role() == Role::producer) {
    return pingpong ? produce_pingpong<Publish>(context, channel) : produce_stream<Publish>(context, channel);
  }
  return pingpong ? consume_pingpong<Publish>(context, channel) : consume_stream<Publish>(context, channel);
}

/// Runs the producer of a stream over a channel that only sends; answers the peer's exit code.
template <class Channel>
int run_producer(PeerContext& context, Channel& channel) {
  return context.end(context.settings().stats ? produce_stream<true>(context, channel)
                                              : produce_stream<false>(context, channel));
}

/// Runs the consumer of a stream over a channel that only receives; answers the peer's exit code.
template <class Channel>
int run_consumer(PeerContext& context, Channel& channel) {
  return context.end(context.settings().stats && !Channel::kCounts ? consume_stream<true>(context, channel)
                                                                   : consume_stream<false>(context, channel));
}

/// A channel that can be waited for together with something else.
template <class Channel>
concept Converses = requires(const Channel channel) { channel.readable_fd(); };

/// Runs a peer's loop to its end; answers the peer's exit code.
template <class Channel>
int run_loops(PeerContext& context, Channel& channel) {
  if constexpr (Converses<Channel>) {
    if (context.settings().dialogue()) return context.end(converse(context, channel));
  } else if (context.settings().dialogue()) {
    return context.end(context.failed("dialogue", ENOTSUP));
  }
  const bool counted = Channel::kCounts && !context.settings().pingpong();
  return context.end(context.settings().stats && !counted ? run_loop<true>(context, channel)
                                                          : run_loop<false>(context, channel));
}

}  // namespace ipc
