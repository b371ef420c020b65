#include "catalogue/catalogue.hpp"

#include "protocol/failure.hpp"

namespace ipc {

const std::vector<MechanismRow>& catalogue() {
  static const std::vector<MechanismRow> rows = {
      pipe_mechanism(),
      fifo_mechanism(),
      unix_mechanism(),
      tcp_mechanism(),
      udp_mechanism(),
      multicast_mechanism(),
      mailbox_mechanism(),
      mq_mechanism(),
      shm_mechanism(),
      mmap_mechanism(),
      file_mechanism(),
      rpc_mechanism(),
      signal_mechanism(),
  };
  return rows;
}

const MechanismRow& mechanism_row(std::string_view id) {
  std::string known;
  for (const MechanismRow& row : catalogue()) {
    if (row.id == id) return row;
    if (!known.empty()) known += ", ";
    known += row.id;
  }
  Failure failure{ErrorCode::unknown_mechanism, "there is no mechanism of this name", "Use one of: " + known + "."};
  failure.where = "mechanism";
  failure.value = id;
  failure.allowed = known;
  throw failure;
}

}  // namespace ipc
