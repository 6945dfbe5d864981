#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "gateway/log/attributes.h"
#include "gateway/log/definition.h"
#include "gateway/log/shard_view.h"

namespace forebay::gateway::log {

/// One stream with its shard logs, `views` in the order of the definition's shards. Immutable; a change makes a new one.
struct StreamLog {
  StreamDefinition definition;
  std::vector<std::shared_ptr<ShardView>> views;
  Attributes attributes;
  std::uint64_t settings_version = 0;  ///< rises with every change but those of the shard map; begins anew at a restart

  /// Index of a shard; views.size() when there is none.
  [[nodiscard]] std::size_t index_of(ShardNumber number) const {
    const auto& shards = definition.shards;
    const auto found =
        std::lower_bound(shards.begin(), shards.end(), number,
                         [](const ShardDefinition& shard, ShardNumber wanted) { return shard.number < wanted; });
    if (found == shards.end() || found->number != number) return views.size();
    return static_cast<std::size_t>(found - shards.begin());
  }
};

/// All streams at one moment.
struct Directory {
  std::map<StreamId, std::shared_ptr<const StreamLog>> streams;
  std::map<std::string, std::shared_ptr<const Attributes>, std::less<>> accounts;  ///< that have attributes
  StreamId next_stream{1};
  std::uint64_t timeline = 1;
};

/// Shards that got their first unwritten batch; from the sequencer to the segment thread.
/// Threads  any.
class DirtyShards {
 public:
  void add(std::shared_ptr<ShardView> view) {
    const std::scoped_lock lock(mutex_);
    views_.push_back(std::move(view));
  }
  std::vector<std::shared_ptr<ShardView>> take() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(views_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::shared_ptr<ShardView>> views_;
};

}  // namespace forebay::gateway::log
