#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <new>

#include "measure/stats_page.hpp"
#include "protocol/failure.hpp"
#include "system/bound.hpp"

namespace ipc {

namespace {

StatsPage* map_page(int fd, std::size_t bytes) {
  void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED) throw system_failure("mmap", errno);
  return static_cast<StatsPage*>(address);
}

}  // namespace

PageMapping::PageMapping(const Settings& settings) {
  bytes_ = sizeof(StatsPage) + settings.processes() * sizeof(PeerSlot);
  fd_ = memfd_create("ipc-scope-stats", MFD_CLOEXEC);
  if (fd_ < 0) throw system_failure("memfd_create", errno);
  if (ftruncate(fd_, static_cast<off_t>(bytes_)) != 0) {
    throw errno == EFBIG ? over_file_size(bytes_) : system_failure("ftruncate", errno);
  }
  page_ = new (map_page(fd_, bytes_)) StatsPage;
  page_->settings = settings;
  page_->control.verify.store(verify_of(settings), std::memory_order_relaxed);
  for (unsigned i = 0; i < settings.processes(); ++i) new (&page_->slots[i]) PeerSlot;
}

PageMapping::PageMapping(int fd) : fd_(fd) {
  struct stat status {};
  if (fstat(fd, &status) == 0 && status.st_size > static_cast<off_t>(sizeof(StatsPage))) {
    bytes_ = static_cast<std::size_t>(status.st_size);
    page_ = map_page(fd, bytes_);
  }
  const bool whole = page_ != nullptr && page_->magic == StatsPage::kMagic &&
                     bytes_ == sizeof(StatsPage) + page_->settings.processes() * sizeof(PeerSlot);
  if (!whole) throw Failure{ErrorCode::unknown_command, "a peer is started by run, not by people", "Use run."};
}

PageMapping::~PageMapping() {
  if (page_ != nullptr) munmap(page_, bytes_);
  if (fd_ >= 0) close(fd_);
}

}  // namespace ipc
