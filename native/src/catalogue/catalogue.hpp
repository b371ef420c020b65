/// The mechanisms that this build knows: one row each, and the only list of them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/option_table.hpp"

namespace ipc {

class Resource;
struct StatsPage;
class PeerContext;

struct MechanismRow {
  std::string id;
  /// message_passing, shared_memory or notification.
  std::string family;
  /// The first is the default.
  std::vector<std::string> variants;
  std::vector<std::string> patterns;
  std::vector<OptionRow> (*options)();
  /// Refuses settings that do not go together, and fills in what 0 stands for. Throws Failure.
  void (*resolve)(Settings& settings);
  /// Creates the operating system's object in the supervisor. Throws Failure.
  std::unique_ptr<Resource> (*create)(const Settings& settings, StatsPage& page);
  /// A peer's whole working life; answers its exit code.
  int (*peer)(PeerContext& context);
};

const std::vector<MechanismRow>& catalogue();

/// The row of a mechanism. Throws Failure unknown_mechanism with the list of those there are.
const MechanismRow& mechanism_row(std::string_view id);

// Each is defined by the mechanism's own file.
MechanismRow pipe_mechanism();
MechanismRow fifo_mechanism();
MechanismRow unix_mechanism();
MechanismRow tcp_mechanism();
MechanismRow udp_mechanism();
MechanismRow multicast_mechanism();
MechanismRow mailbox_mechanism();
MechanismRow mq_mechanism();
MechanismRow shm_mechanism();
MechanismRow mmap_mechanism();
MechanismRow file_mechanism();
MechanismRow rpc_mechanism();
MechanismRow signal_mechanism();

}  // namespace ipc
