/// What a session does on the commands of standard input.
#include <signal.h>

#include <algorithm>

#include "protocol/failure.hpp"
#include "session/supervisor.hpp"

namespace ipc {

void Supervisor::obey_line(const std::string& line) {
  if (line.find_first_not_of(" \t\r") == std::string::npos) return;
  try {
    std::visit([this](const auto& command) { obey(command); }, parse_command(line, options_));
  } catch (const Failure& failure) {
    output_->put(error_frame(elapsed(now_ns()), false, failure));
  }
}

void Supervisor::obey(const PauseCommand&) {
  if (paused_ || state_ == State::drain) return;
  paused_ = true;
  paused_at_ = now_ns();
  // During the warm-up the session stands still once it would begin to measure.
  if (state_ == State::measure) give_order(Order::hold);
  note("paused", {});
}

void Supervisor::obey(const ResumeCommand&) {
  if (!paused_ || state_ == State::drain) return;
  if (state_ == State::measure) {
    paused_total_ += now_ns() - paused_at_;
    give_order(Order::run);
  }
  paused_ = false;
  note("resumed", {});
}

void Supervisor::obey(const StopCommand&) {
  const std::uint64_t now = now_ns();
  if (state_ != State::measure && state_ != State::drain) begin_measure(now);
  end_measure(now, "stop");
}

void Supervisor::obey(const SetCommand& command) {
  if (dialogue_ && command.row->number != &Settings::capacity_bytes) {
    throw Failure{ErrorCode::bad_command, "the lines of a dialogue come when they are typed: this cannot be changed there",
                  "Use one of: say ROLE TEXT, pause, stop.", "set", command.row->name, "capacity_bytes"};
  }
  Settings& settings = page_->settings;
  const auto value = static_cast<std::int64_t>(command.value);
  if (command.row->number == &Settings::rate_per_s) {
    settings.rate_per_s = command.value;
    page_->control.rate_per_s.store(command.value, std::memory_order_relaxed);
    change_epoch();
    note("rate_changed", {{"rate_per_s", value}});
  } else if (command.row->number == &Settings::consumer_delay_us) {
    settings.consumer_delay_us = command.value;
    page_->control.consumer_delay_us.store(command.value, std::memory_order_relaxed);
    change_epoch();
    note("consumer_delay_changed", {{"consumer_delay_us", value}});
  } else if (command.row->number == &Settings::capacity_bytes) {
    settings.capacity_bytes = resource_->set_capacity(command.value, children());
    note("capacity_changed", {{"capacity_bytes", static_cast<std::int64_t>(settings.capacity_bytes)}});
  } else if (command.row->text == &Settings::verify) {
    settings.verify.assign(command.word);
    const Verify verify = verify_of(settings);
    least_verify_ = std::min(least_verify_, verify);
    most_verify_ = std::max(most_verify_, verify);
    page_->control.verify.store(verify, std::memory_order_relaxed);
    change_epoch();
    note("verify_changed", {{"verify", command.word}});
  }
}

void Supervisor::obey(const KillCommand& command) {
  for (PeerRecord& peer : peers_) {
    if (peer.who().role != command.role || peer.who().index != command.index) continue;
    if (!peer.alive()) break;
    send_signal(peer.child(), SIGKILL);
    note("process_killed", params_of(peer.who()));
    return;
  }
  std::string running;
  for (const PeerRecord& peer : peers_) {
    if (!peer.alive()) continue;
    running += (running.empty() ? "" : ", ") + std::string(name_of(peer.who().role)) + " " +
               std::to_string(peer.who().index);
  }
  throw Failure{ErrorCode::bad_command, "there is no such process in this session", "Use one of: " + running + ".",
                "kill", std::string(name_of(command.role)) + " " + std::to_string(command.index), running};
}

void Supervisor::obey(const SayCommand& command) {
  const auto refuse = [](const char* message, const char* remedy) {
    throw Failure{ErrorCode::bad_command, message, remedy, "say"};
  };
  if (!dialogue_) refuse("nobody speaks in this session", "Start one with --pattern dialogue.");
  if (state_ != State::measure) refuse("the dialogue is over", "Start another one.");
  if (paused_) refuse("the dialogue is paused", "Resume it first.");
  const std::uint64_t most = page_->settings.messages;
  if (most != 0 && dialogue_->said() >= most) refuse("all lines that were asked for are said", "Start another one.");
  dialogue_->say(command.role == Role::producer ? 0 : 1, command.text);
}

void Supervisor::hear() {
  for (Utterance& one : dialogue_->take_heard()) {
    const auto since = [this](std::uint64_t ns) { return ns > start_ns_ ? ns - start_ns_ : 0; };
    const PeerRecord& listener = peers_[one.listener];
    const PeerRecord& speaker = peers_[1 - one.listener];
    output_->put(utterance_frame({since(one.report.received_ns), since(one.report.sent_ns), speaker.who(),
                                  listener.who(), std::move(one.text), one.report.sequence, one.report.bytes}));
  }
  const std::uint64_t most = page_->settings.messages;
  if (most != 0 && dialogue_->heard() >= most) end_measure(now_ns(), "count");
}

}  // namespace ipc
