/// What a session does on the commands of standard input.
#include <signal.h>

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

}  // namespace ipc
