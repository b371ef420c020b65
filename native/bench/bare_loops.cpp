/// bare-loops: the yardstick of the benchmark. The least code that moves messages between two processes: no header, no
/// statistics, no checks, nothing of the helper's own. Prints one line of JSON.
///
///   bare-loops pipe|tcp|shm stream|pingpong [--size N] [--duration-ms N] [--placement free|same|apart]
///
/// Throughput is that of the consumer between two readings of the clock, after a warm-up of 200 ms. Latency is the round
/// trip of pingpong, one reading of the clock each; a stream without headers has none.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <vector>

namespace {

constexpr std::uint64_t kMaxTimes = 1 << 20;
constexpr std::uint64_t kRingBytes = 1 << 20;

struct Shared {
  alignas(64) volatile std::uint64_t messages = 0;
  alignas(64) std::atomic<bool> stop{false};
  alignas(64) std::atomic<std::uint64_t> head{0};
  alignas(64) std::atomic<std::uint64_t> tail{0};
  alignas(64) std::atomic<std::uint64_t> back_head{0};
  std::uint64_t times_taken = 0;
  std::uint32_t times[kMaxTimes] = {};
};

struct Options {
  std::string mechanism;
  bool pingpong = false;
  std::size_t size = 64;
  std::uint64_t duration_ms = 1000;
  std::string placement = "free";
};

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(3);
}

std::uint64_t now_ns() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

bool write_all(int fd, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t put = write(fd, data, size);
    if (put <= 0) return false;
    data += put;
    size -= static_cast<std::size_t>(put);
  }
  return true;
}

bool read_all(int fd, char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t got = read(fd, data, size);
    if (got <= 0) return false;
    data += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

/// Remembers round trips, the newest kMaxTimes of them.
class Stopwatch {
 public:
  explicit Stopwatch(Shared* shared) : shared_(shared) {}
  void lap() {
    const std::uint64_t now = now_ns();
    shared_->times[shared_->times_taken++ % kMaxTimes] = static_cast<std::uint32_t>(now - last_);
    last_ = now;
  }

 private:
  Shared* shared_;
  std::uint64_t last_ = now_ns();
};

struct Ends {
  int forth_in = -1, forth_out = -1;
  int back_in = -1, back_out = -1;
};

void fd_producer(const Options& options, Shared* shared, const Ends& ends) {
  std::vector<char> buffer(options.size, 'x');
  if (!options.pingpong) {
    while (!shared->stop.load(std::memory_order_relaxed) && write_all(ends.forth_in, buffer.data(), options.size)) {
    }
    return;
  }
  Stopwatch watch(shared);
  std::uint64_t count = 0;
  while (!shared->stop.load(std::memory_order_relaxed)) {
    if (!write_all(ends.forth_in, buffer.data(), options.size) || !read_all(ends.back_out, buffer.data(), options.size)) return;
    watch.lap();
    shared->messages = ++count;
  }
}

void fd_consumer(const Options& options, Shared* shared, const Ends& ends) {
  std::vector<char> buffer(options.size, 'x');
  std::uint64_t count = 0;
  while (read_all(ends.forth_out, buffer.data(), options.size)) {
    if (options.pingpong) {
      if (!write_all(ends.back_in, buffer.data(), options.size)) return;
    } else {
      shared->messages = ++count;
    }
  }
}

/// Keeps the compiler from leaving out a copy whose result nobody looks at.
void use(const char* data) { asm volatile("" : : "r"(data) : "memory"); }

std::uint64_t slots_of(const Options& options) { return std::max<std::uint64_t>(4, kRingBytes / options.size); }

void shm_producer(const Options& options, Shared* shared, char* ring, char* back) {
  std::vector<char> buffer(options.size, 'x');
  const std::uint64_t slots = slots_of(options);
  std::uint64_t head = 0, seen = 0, slot = 0;
  if (!options.pingpong) {
    while (!shared->stop.load(std::memory_order_relaxed)) {
      if (head - seen == slots) {
        seen = shared->tail.load(std::memory_order_acquire);
        continue;
      }
      std::memcpy(ring + slot * options.size, buffer.data(), options.size);
      if (++slot == slots) slot = 0;
      shared->head.store(++head, std::memory_order_release);
    }
    return;
  }
  Stopwatch watch(shared);
  while (!shared->stop.load(std::memory_order_relaxed)) {
    std::memcpy(ring, buffer.data(), options.size);
    shared->head.store(++head, std::memory_order_release);
    while (shared->back_head.load(std::memory_order_acquire) != head) {
      if (shared->stop.load(std::memory_order_relaxed)) return;
    }
    std::memcpy(buffer.data(), back, options.size);
    watch.lap();
    shared->messages = head;
  }
}

void shm_consumer(const Options& options, Shared* shared, char* ring, char* back) {
  std::vector<char> buffer(options.size, 'x');
  const std::uint64_t slots = slots_of(options);
  std::uint64_t tail = 0, seen = 0, slot = 0;
  while (!shared->stop.load(std::memory_order_relaxed)) {
    if (tail == seen) {
      seen = shared->head.load(std::memory_order_acquire);
      continue;
    }
    if (options.pingpong) {
      std::memcpy(buffer.data(), ring, options.size);
      std::memcpy(back, buffer.data(), options.size);
      shared->back_head.store(++tail, std::memory_order_release);
      continue;
    }
    std::memcpy(buffer.data(), ring + slot * options.size, options.size);
    use(buffer.data());
    if (++slot == slots) slot = 0;
    shared->tail.store(++tail, std::memory_order_release);
    shared->messages = tail;
  }
}

Ends make_ends(const Options& options) {
  Ends ends;
  int fds[2];
  if (options.mechanism == "pipe") {
    if (pipe(fds) != 0) die("pipe");
    ends.forth_out = fds[0];
    ends.forth_in = fds[1];
    if (options.pingpong) {
      if (pipe(fds) != 0) die("pipe");
      ends.back_out = fds[0];
      ends.back_in = fds[1];
    }
  } else if (options.mechanism == "tcp") {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener, generic, length) != 0 || listen(listener, 1) != 0) die("listen");
    getsockname(listener, generic, &length);
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(client, generic, length) != 0) die("connect");
    const int server = accept(listener, nullptr, nullptr);
    close(listener);
    ends = {client, server, server, client};
  }
  return ends;
}

void pin(const std::string& placement, int which) {
  if (placement == "free") return;
  cpu_set_t allowed;
  sched_getaffinity(0, sizeof allowed, &allowed);
  std::vector<int> cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &allowed)) cpus.push_back(cpu);
  }
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpus[placement == "same" ? 0 : static_cast<std::size_t>(which) % cpus.size()], &set);
  sched_setaffinity(0, sizeof set, &set);
}

pid_t start(const Options& options, Shared* shared, const Ends& ends, char* ring, bool producer) {
  const pid_t pid = fork();
  if (pid < 0) die("fork");
  if (pid > 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_IGN);
  pin(options.placement, producer ? 0 : 1);
  char* back = ring + slots_of(options) * options.size;
  if (options.mechanism == "shm") {
    (producer ? shm_producer : shm_consumer)(options, shared, ring, back);
  } else {
    // The ends of the other side are closed, so that the end of the stream is seen.
    const auto drop = [](int fd, int kept) {
      if (fd >= 0 && fd != kept) close(fd);
    };
    if (producer) {
      drop(ends.forth_out, ends.back_out);
      drop(ends.back_in, ends.forth_in);
      fd_producer(options, shared, ends);
    } else {
      drop(ends.forth_in, ends.back_in);
      drop(ends.back_out, ends.forth_out);
      fd_consumer(options, shared, ends);
    }
  }
  _exit(0);
}

void sleep_ms(std::uint64_t ms) {
  timespec time{static_cast<time_t>(ms / 1000), static_cast<long>(ms % 1000 * 1'000'000)};
  while (nanosleep(&time, &time) != 0) {
  }
}

Options parse(int argc, char** argv) {
  Options options;
  std::vector<std::string> words(argv + 1, argv + argc);
  const auto usage = [] {
    std::fputs("bare-loops pipe|tcp|shm stream|pingpong [--size N] [--duration-ms N] [--placement free|same|apart]\n",
               stderr);
    std::exit(2);
  };
  if (words.size() < 2 || words.size() % 2 != 0) usage();
  options.mechanism = words[0];
  options.pingpong = words[1] == "pingpong";
  for (std::size_t i = 2; i < words.size(); i += 2) {
    if (words[i] == "--size") {
      options.size = std::strtoul(words[i + 1].c_str(), nullptr, 10);
    } else if (words[i] == "--duration-ms") {
      options.duration_ms = std::strtoull(words[i + 1].c_str(), nullptr, 10);
    } else if (words[i] == "--placement") {
      options.placement = words[i + 1];
    } else {
      usage();
    }
  }
  if (options.size == 0 || options.duration_ms == 0) usage();
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  const std::size_t ring_bytes = slots_of(options) * options.size + options.size;
  void* page = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  void* ring = mmap(nullptr, ring_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED || ring == MAP_FAILED) die("mmap");
  auto* shared = new (page) Shared;
  std::memset(ring, 0, ring_bytes);

  const Ends ends = make_ends(options);
  const pid_t consumer = start(options, shared, ends, static_cast<char*>(ring), false);
  const pid_t producer = start(options, shared, ends, static_cast<char*>(ring), true);
  for (const int fd : {ends.forth_in, ends.forth_out, ends.back_in, ends.back_out}) {
    if (fd >= 0) close(fd);
  }
  sleep_ms(200);
  const std::uint64_t first = shared->messages;
  const std::uint64_t begin = now_ns();
  sleep_ms(options.duration_ms);
  const std::uint64_t last = shared->messages;
  const std::uint64_t end = now_ns();
  shared->stop.store(true);
  waitpid(producer, nullptr, 0);
  waitpid(consumer, nullptr, 0);

  const double rate = static_cast<double>(last - first) * 1e9 / static_cast<double>(end - begin);
  std::vector<std::uint32_t> times(shared->times, shared->times + std::min(shared->times_taken, kMaxTimes));
  std::sort(times.begin(), times.end());
  std::printf("{\"messages_per_s\":%.1f,", rate);
  if (times.empty()) {
    std::puts("\"p50_ns\":null,\"p99_ns\":null}");
  } else {
    std::printf("\"p50_ns\":%u,\"p99_ns\":%u}\n", times[times.size() / 2], times[times.size() * 99 / 100]);
  }
  return 0;
}
