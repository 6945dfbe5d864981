#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/hash_key.h"
#include "base/units.h"
#include "gateway/stream/identifiers.h"

namespace forebay::gateway::delivery {

/// Where a lane of a delivery stream reads: fixed for its life.
struct SourceShard {
  std::string account;
  std::string region;           ///< for ARNs; never empty
  std::string delivery;         ///< name of the delivery stream
  std::string stream;
  stream::StreamId stream_id;
  stream::ShardNumber shard;
  WallTime shard_created;       ///< with shard and offset all a sequence number needs
  std::uint64_t timeline = 0;
};

/// One record on its way out; views are borrowed from the lane's read.
struct DeliveryRecord {
  stream::Offset offset;
  std::uint32_t sub_sequence = 0;  ///< within a KPL aggregate that was opened
  bool aggregated = false;
  WallTime arrival;
  std::string_view partition_key;
  std::optional<HashKey> explicit_hash_key;
  ByteView data;
};

/// The records of one shard that are delivered together; what decides object names and bytes. Logged and synced before
/// the first byte leaves (D1), so that a retry after a crash makes the same objects.
struct Cut {
  SourceShard source;
  std::uint64_t index = 0;      ///< of the lane's cuts, from 0, without holes; also the manifest's
  std::uint64_t version = 1;    ///< of the delivery stream's definition
  stream::Offset first;         ///< of the first record
  stream::Offset last;
  WallTime oldest;              ///< arrival of the first record
  std::string replay;           ///< id of the replay this is part of; empty: live
};

}  // namespace forebay::gateway::delivery
