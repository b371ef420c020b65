#include "mechanism/posix/ring_sync.hpp"

#include <ctime>

#include "protocol/failure.hpp"

namespace ipc {

namespace {

/// These functions answer an error number. Only a system without the feature or without memory refuses.
void require(int error, const char* call) {
  if (error != 0) throw system_failure(call, error);
}

void init_monitor(Monitor& monitor) {
  pthread_mutexattr_t mutex;
  require(pthread_mutexattr_init(&mutex), "pthread_mutexattr_init");
  require(pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED), "pthread_mutexattr_setpshared");
  require(pthread_mutexattr_setrobust(&mutex, PTHREAD_MUTEX_ROBUST), "pthread_mutexattr_setrobust");
  require(pthread_mutex_init(&monitor.mutex, &mutex), "pthread_mutex_init");
  pthread_mutexattr_destroy(&mutex);

  pthread_condattr_t condition;
  require(pthread_condattr_init(&condition), "pthread_condattr_init");
  require(pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED), "pthread_condattr_setpshared");
  // Timeouts must not jump when somebody sets the time of day.
  require(pthread_condattr_setclock(&condition, CLOCK_MONOTONIC), "pthread_condattr_setclock");
  require(pthread_cond_init(&monitor.not_full, &condition), "pthread_cond_init");
  require(pthread_cond_init(&monitor.not_empty, &condition), "pthread_cond_init");
  pthread_condattr_destroy(&condition);
}

}  // namespace

void refuse_untunable(const Settings& settings) {
  const std::string_view sync = settings.sync.view();
  if (!settings.tuned() || sync == "futex" || sync == "adaptive" || sync == "spin") return;
  Failure failure{ErrorCode::not_supported, "the tuned ring waits by futex, adaptively or by spinning",
                  "Use --variant plain, or --sync futex, adaptive or spin."};
  failure.where = "--sync";
  failure.value = sync;
  failure.allowed = "futex, adaptive, spin";
  throw failure;
}

bool uses_common_ring(const Settings& settings) { return settings.processes() > 2 || settings.rendezvous(); }

bool uses_mpmc_ring(const Settings& settings) {
  const std::string_view sync = settings.sync.view();
  return uses_common_ring(settings) && (sync == "futex" || sync == "spin");
}

void refuse_unshared(const Settings& settings) {
  const std::string_view sync = settings.sync.view();
  if (!uses_common_ring(settings)) return;
  const char* what = settings.rendezvous() ? "a rendezvous" : "several producers or consumers";
  if (settings.tuned()) {
    Failure failure{ErrorCode::not_supported, std::string("the tuned ring is not made for ") + what,
                    "Use --variant plain."};
    failure.where = "--variant";
    failure.value = "tuned";
    failure.allowed = "plain";
    throw failure;
  }
  if (sync == "mutex" || sync == "semaphore" || (uses_mpmc_ring(settings) && !settings.rendezvous())) return;
  Failure failure{ErrorCode::not_supported,
                  "this way of synchronising is for one producer and one consumer with a buffer between them, not for " +
                      std::string(what),
                  settings.rendezvous() ? "Use --sync mutex (a monitor) or --sync semaphore."
                                        : "Use --sync mutex (a monitor) or semaphore, or without a lock futex or spin."};
  failure.where = "--sync";
  failure.value = sync;
  failure.allowed = settings.rendezvous() ? "mutex, semaphore" : "mutex, semaphore, futex, spin";
  throw failure;
}

void init_sync(RingHeader& ring) {
  sem_init(&ring.guard, 1, 1);
  sem_init(&ring.taken, 1, 0);
  sem_init(&ring.filled, 1, 0);
  sem_init(&ring.vacant, 1, static_cast<unsigned>(ring.slots));
  init_monitor(ring.monitor);
}

std::vector<ObjectInfo> sync_objects(const Settings& settings, const std::string& memory) {
  const std::string_view sync = settings.sync.view();
  const auto in_memory = [&](const char* kind, const char* name) {
    return ObjectInfo{kind, std::string(name) + ", in " + memory, "0600", std::nullopt};
  };
  std::vector<ObjectInfo> all;
  if (sync == "semaphore") {
    all = {in_memory("semaphore", "filled"), in_memory("semaphore", "vacant")};
    if (uses_common_ring(settings)) all.push_back(in_memory("semaphore", "guard"));
    if (settings.rendezvous()) all.push_back(in_memory("semaphore", "taken"));
  } else if (sync == "mutex") {
    all = {in_memory("mutex", "robust"), in_memory("condition_variable", "not_full"),
           in_memory("condition_variable", "not_empty")};
    if (settings.rendezvous()) all.push_back(in_memory("condition_variable", "taken"));
  }
  return all;
}

}  // namespace ipc
