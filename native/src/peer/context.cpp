#include "peer/context.hpp"

#include "protocol/failure.hpp"
#include "system/futex.hpp"

namespace ipc {

namespace {

// Waking up takes about 50 us on a virtual machine; what is nearer than this is waited for awake.
constexpr std::uint64_t kWakeUpNs = 60'000;
// Orders are waited for at most this long, in case a wake-up is lost with its sender.
constexpr std::uint64_t kPatienceNs = 100'000'000;

}  // namespace

void PeerContext::sleep_until_ordered() {
  slot_.sleeps.set(++sleeps_);
  futex_wait_until(page_.control.epoch, epoch_, now_ns() + kPatienceNs);
}

void PeerContext::sleep_briefly() {
  slot_.sleeps.set(++sleeps_);
  const timespec pause = to_timespec(kNsPerMs);
  nanosleep(&pause, nullptr);
}

std::uint64_t PeerContext::wait_until(std::uint64_t due_ns) {
  // With one CPU for all, watching the clock would take it from the other process.
  const std::uint64_t margin = page_.sharing == CpuSharing::one ? 0 : kWakeUpNs;
  std::uint64_t now = now_ns();
  while (now < due_ns) {
    if (orders_changed()) return 0;
    if (due_ns - now > margin) {
      slot_.sleeps.set(++sleeps_);
      futex_wait_until(page_.control.epoch, epoch_, due_ns - margin);
    }
    now = now_ns();
  }
  return now;
}

void PeerContext::log_error(CallName name, int fd, std::uint64_t bytes, std::int64_t result, int error) {
  if (errors_left_ == 0) return;
  --errors_left_;
  const std::uint64_t now = now_ns();
  slot_.calls.push({now, 0, result, error, fd, bytes, name});
}

bool PeerContext::log_sample_due(std::uint64_t now) {
  if (now < next_log_ns_) return false;
  next_log_ns_ = now + kLogPeriodNs;
  errors_left_ = std::max(errors_left_, kErrorsASample);
  return true;
}

void PeerContext::note_finish() {
  if (slot_.finished_ns.get() == 0) slot_.finished_ns.set(now_ns());
}

int PeerContext::end(Outcome outcome) {
  note_finish();
  return outcome == Outcome::failed ? kExitSystem : kExitDone;
}

Outcome PeerContext::broken(int error) {
  slot_.broken_errno.store(error, std::memory_order_relaxed);
  return Outcome::closed;
}

Outcome PeerContext::failed(const char* call, int error) {
  slot_.failed_call.assign(call);
  slot_.failed_errno.store(error, std::memory_order_release);
  return Outcome::failed;
}

}  // namespace ipc
