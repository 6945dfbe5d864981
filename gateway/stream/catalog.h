#pragma once

#include <map>

#include "gateway/log/directory.h"
#include "gateway/log/published.h"
#include "gateway/stream/stream_service.h"

namespace forebay::gateway::stream {

/// All streams by account and name, as immutable snapshots made from the log's directory.
/// Threads  update(): one at a time (the sequencer); look-ups: any.
class Catalog {
 public:
  /// Takes over a new directory; streams that did not change keep their snapshot.
  void update(const std::shared_ptr<const log::Directory>& directory);

  [[nodiscard]] StreamPtr find(std::string_view account, std::string_view name) const;
  [[nodiscard]] std::vector<StreamPtr> list(std::string_view account, std::string_view after, std::size_t limit) const;
  [[nodiscard]] std::uint64_t open_shard_count(std::string_view account) const;
  [[nodiscard]] std::vector<StreamPtr> metered() const;

 private:
  struct Entry {
    std::shared_ptr<const log::StreamLog> log;
    StreamPtr stream;
  };
  using Names = std::map<std::string, Entry, std::less<>>;
  using Snapshot = std::map<std::string, Names, std::less<>>;
  log::Published<Snapshot> snapshot_;
};

}  // namespace forebay::gateway::stream
