#include "mechanism/linux/backing_file.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "protocol/failure.hpp"
#include "system/bound.hpp"

namespace ipc {

namespace {

struct FileSystemRow {
  unsigned long magic;
  const char* name;
};

constexpr FileSystemRow kFileSystems[] = {
    {TMPFS_MAGIC, "tmpfs"},
    {EXT4_SUPER_MAGIC, "ext4"},  // ext2 and ext3 have the same number
    {BTRFS_SUPER_MAGIC, "btrfs"},
    {0x58465342, "xfs"},  // XFS_SUPER_MAGIC, missing from older headers
    {OVERLAYFS_SUPER_MAGIC, "overlay"},
    {NFS_SUPER_MAGIC, "nfs"},
    {V9FS_MAGIC, "9p"},
    {0x65735546, "fuse"},  // FUSE_SUPER_MAGIC, fs/fuse/inode.c
    {0xF2F52010, "f2fs"},
    {0x2FC12FC1, "zfs"},
    {RAMFS_MAGIC, "ramfs"},
};

}  // namespace

int create_file(const std::string& path) {
  const int fd = open(path.c_str(), O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) throw system_failure("open", errno);
  return fd;
}

void allocate(int fd, std::uint64_t bytes, const std::string& folder) {
  int error = 0;
  do {
    error = posix_fallocate(fd, 0, static_cast<off_t>(bytes));
  } while (error == EINTR);
  if (error == 0) return;
  if (error == EFBIG) throw over_file_size(bytes);
  Failure failure = system_failure("posix_fallocate", error);
  if (error == ENOSPC || error == EDQUOT) {
    struct statvfs room {};
    fstatvfs(fd, &room);
    const std::string free = std::to_string(static_cast<std::uint64_t>(room.f_bavail) * room.f_frsize);
    failure.message = "posix_fallocate failed: " + folder + " has no room for " + std::to_string(bytes) + " bytes";
    failure.remedy = "Choose a smaller capacity or message size, or make room there: " + free + " bytes are free.";
    failure.value = std::to_string(bytes);
    failure.allowed = "0.." + free;
  }
  throw failure;
}

std::string file_system_of(int fd) {
  struct statfs facts {};
  if (fstatfs(fd, &facts) != 0) return "unknown";
  const auto magic = static_cast<std::uint32_t>(facts.f_type);
  for (const FileSystemRow& row : kFileSystems) {
    if (row.magic == magic) return row.name;
  }
  char text[16];
  std::snprintf(text, sizeof text, "0x%08x", magic);
  return text;
}

}  // namespace ipc
