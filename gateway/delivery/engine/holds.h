#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "gateway/delivery/engine/delivery_rows.h"
#include "gateway/stream/stream_service.h"

namespace forebay::gateway::delivery {

/// What retention waits for: per shard the lowest offset that some lane has yet to deliver.
/// Threads  any.
class Holds {
 public:
  /// With `enabled` false nothing is ever held: records that expire are declared lost instead.
  explicit Holds(bool enabled) : enabled_(enabled) {}

  /// The lane needs everything from `first_kept` on. Replaces what it said before.
  void set(const LaneKey& lane, const std::shared_ptr<const stream::Shard>& shard, stream::Offset first_kept);
  /// The lane needs nothing any more.
  void release(const LaneKey& lane);

 private:
  struct ShardHold {
    std::shared_ptr<const stream::Shard> shard;
    std::map<LaneKey, stream::Offset> lanes;
  };
  using Key = std::pair<stream::StreamId, stream::ShardNumber>;
  static void apply(const ShardHold& hold);

  const bool enabled_;
  std::mutex mutex_;
  std::map<Key, ShardHold> shards_;
};

}  // namespace forebay::gateway::delivery
