#include "protocol/failure.hpp"

#include <cerrno>
#include <cstring>

namespace ipc {

namespace {

struct ErrnoRow {
  int number;
  const char* name;
};

// strerrorname_np would do, but it needs glibc 2.32.
constexpr ErrnoRow kErrnoRows[] = {
    {EPERM, "EPERM"},           {ENOENT, "ENOENT"},         {ESRCH, "ESRCH"},           {EINTR, "EINTR"},
    {EIO, "EIO"},               {ENXIO, "ENXIO"},           {E2BIG, "E2BIG"},           {EBADF, "EBADF"},
    {ECHILD, "ECHILD"},         {EAGAIN, "EAGAIN"},         {ENOMEM, "ENOMEM"},         {EACCES, "EACCES"},
    {EFAULT, "EFAULT"},         {EBUSY, "EBUSY"},           {EEXIST, "EEXIST"},         {ENODEV, "ENODEV"},
    {ENOTDIR, "ENOTDIR"},       {EISDIR, "EISDIR"},         {EINVAL, "EINVAL"},         {ENFILE, "ENFILE"},
    {EMFILE, "EMFILE"},         {EFBIG, "EFBIG"},           {ENOSPC, "ENOSPC"},         {EROFS, "EROFS"},
    {EPIPE, "EPIPE"},           {ENAMETOOLONG, "ENAMETOOLONG"}, {ENOSYS, "ENOSYS"},     {ENOTSOCK, "ENOTSOCK"},
    {EOPNOTSUPP, "EOPNOTSUPP"}, {EADDRINUSE, "EADDRINUSE"}, {EADDRNOTAVAIL, "EADDRNOTAVAIL"},
    {ENETDOWN, "ENETDOWN"},     {ENETUNREACH, "ENETUNREACH"}, {ECONNABORTED, "ECONNABORTED"},
    {ECONNRESET, "ECONNRESET"}, {ENOBUFS, "ENOBUFS"},       {ENOTCONN, "ENOTCONN"},     {ETIMEDOUT, "ETIMEDOUT"},
    {ECONNREFUSED, "ECONNREFUSED"}, {EOVERFLOW, "EOVERFLOW"}, {EMSGSIZE, "EMSGSIZE"}, {EDQUOT, "EDQUOT"},       {ERANGE, "ERANGE"},
    {EIDRM, "EIDRM"},           {EBADMSG, "EBADMSG"},
    {EOWNERDEAD, "EOWNERDEAD"}, {ENOPROTOOPT, "ENOPROTOOPT"},
};

}  // namespace

std::string errno_name(int number) {
  for (const ErrnoRow& row : kErrnoRows) {
    if (row.number == number) return row.name;
  }
  return "E" + std::to_string(number);
}

Failure system_failure(std::string_view call, int number) {
  ErrorCode code = ErrorCode::system_refused;
  std::string remedy = "See the manual page of the call for what this error means.";
  switch (number) {
    case EACCES:
    case EPERM:
      code = ErrorCode::no_permission;
      remedy = "Run as a user who may do this, or loosen the sandbox that forbids the call.";
      break;
    case EMFILE:
    case ENFILE:
      code = ErrorCode::limit_reached;
      remedy = "Raise the limit of open files (ulimit -n) or close other programs.";
      break;
    case ENOMEM:
    case ENOSPC:
    case EDQUOT:
      code = ErrorCode::limit_reached;
      remedy = "Choose a smaller capacity or message size, or free some memory (shared memory lies in /dev/shm).";
      break;
    case EAGAIN:
      code = ErrorCode::limit_reached;
      remedy = "Raise the limit of processes (ulimit -u) or end other programs.";
      break;
    case EADDRNOTAVAIL:
    case ENETUNREACH:
      remedy =
          "See whether the loopback interface is up (ip link set lo up), and whether ports are left "
          "(net.ipv4.ip_local_port_range).";
      break;
    case EADDRINUSE:
      remedy = "Other programs have the address, or all ports (net.ipv4.ip_local_port_range): end some, and try again.";
      break;
    case ENOSYS:
      code = ErrorCode::not_supported;
      remedy = "Use a newer kernel.";
      break;
    default:
      break;
  }
  Failure failure{code, std::string(call) + " failed: " + std::strerror(number), remedy};
  failure.where = call;
  failure.errno_name = errno_name(number);
  failure.exit_code = kExitSystem;
  return failure;
}

}  // namespace ipc
