#pragma once

#include <cstdint>
#include <vector>

#include "base/hash_key.h"
#include "gateway/stream/stream_service.h"

namespace forebay::gateway::stream {

/// The open shards' ranges of one stream, close together in memory: what Stream::open_index_for() finds by search is
/// here guessed first, and with shards of equal size the guess is right.
/// Threads  owner only.
class ShardRoute {
 public:
  /// Takes over the map of the stream unless it is the one known already.
  void follow(const Stream& stream);
  /// Index into open_shards of the shard that owns this key.
  [[nodiscard]] std::size_t index_for(HashKey key) const;

 private:
  bool known_ = false;
  StreamId stream_;
  std::uint64_t map_version_ = 0;
  std::vector<HashKey> starts_;  ///< ascending
};

}  // namespace forebay::gateway::stream
