#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <new>

#include "measure/stats_page.hpp"
#include "protocol/failure.hpp"

namespace ipc {

PageMapping::PageMapping() {
  fd_ = memfd_create("ipc-scope-stats", MFD_CLOEXEC);
  if (fd_ < 0) throw system_failure("memfd_create", errno);
  if (ftruncate(fd_, sizeof(StatsPage)) != 0) throw system_failure("ftruncate", errno);
  void* address = mmap(nullptr, sizeof(StatsPage), PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
  if (address == MAP_FAILED) throw system_failure("mmap", errno);
  page_ = new (address) StatsPage;
}

PageMapping::PageMapping(int fd) : fd_(fd) {
  struct stat status {};
  const bool fits = fstat(fd, &status) == 0 && status.st_size == static_cast<off_t>(sizeof(StatsPage));
  if (fits) {
    void* address = mmap(nullptr, sizeof(StatsPage), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (address == MAP_FAILED) throw system_failure("mmap", errno);
    page_ = static_cast<StatsPage*>(address);
  }
  if (!fits || page_->magic != StatsPage::kMagic) {
    throw Failure{ErrorCode::unknown_command, "a peer is started by run, not by people", "Use run."};
  }
}

PageMapping::~PageMapping() {
  if (page_ != nullptr) munmap(page_, sizeof(StatsPage));
  if (fd_ >= 0) close(fd_);
}

}  // namespace ipc
