#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "gateway/log/definition.h"
#include "gateway/log/shard_view.h"

namespace forebay::gateway::log {

/// One stream with its shard logs, `views` in the order of the definition's shards. Immutable; a change makes a new one.
struct StreamLog {
  StreamDefinition definition;
  std::vector<std::shared_ptr<ShardView>> views;

  /// Index of a shard; views.size() when there is none.
  [[nodiscard]] std::size_t index_of(ShardNumber number) const {
    for (std::size_t i = 0; i < definition.shards.size(); ++i)
      if (definition.shards[i].number == number) return i;
    return views.size();
  }
};

/// All streams at one moment.
struct Directory {
  std::map<StreamId, std::shared_ptr<const StreamLog>> streams;
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
