#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/units.h"
#include "gateway/stream/identifiers.h"

namespace forebay::gateway::stream {

struct PutOutcome;
struct PutRecord;
class Shard;

/// Attribute of a stream that wants its shards counted one by one; the value names what is shown of it.
inline constexpr std::string_view kShardMetricsAttribute = "metrics";

/// So many records with so many bytes of data and partition keys.
struct RecordCount {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
};

/// What one shard took, gave and refused since its stream wanted to know.
struct ShardCounts {
  RecordCount incoming;
  RecordCount outgoing;              ///< to GetRecords and subscriptions together
  std::uint64_t refused_writes = 0;  ///< records over the limits per shard
  std::uint64_t refused_reads = 0;   ///< GetRecords calls over them
  /// How far behind the tip the slowest GetRecords answer of the last one to two minutes ended; empty: there was none.
  std::optional<Milliseconds> iterator_age;
};

/// Counts of a stream's shards, carried from snapshot to snapshot while the stream has the attribute.
/// Threads  any.
class ShardMeters {
 public:
  static constexpr std::chrono::seconds kAgeWindow{60};

  void took(ShardNumber shard, RecordCount count);
  /// `sizes`: data and partition key of each record, by the outcomes' order.
  void took(std::span<const PutOutcome> outcomes, std::span<const std::uint32_t> sizes);
  void gave(ShardNumber shard, RecordCount count);
  void refused_write(ShardNumber shard);
  void refused_read(ShardNumber shard);
  void iterator_age(ShardNumber shard, Milliseconds age, SteadyTime now);

  /// Forgets the shards that are not among these, which are ordered by number.
  void keep(std::span<const std::shared_ptr<const Shard>> shards);
  [[nodiscard]] ShardCounts counts(ShardNumber shard, SteadyTime now) const;

  static std::vector<std::uint32_t> sizes_of(std::span<const PutRecord> records);
  /// Of the records of a RecordBatch v2. Errors  as for_each_record().
  static Result<RecordCount> count_of(ByteView batch);

 private:
  /// The largest age of this window and of the one before.
  struct Ages {
    SteadyTime begin;
    std::optional<Milliseconds> now;
    std::optional<Milliseconds> before;
    void turn(SteadyTime time);
  };
  struct Meter {
    ShardCounts counts;
    Ages ages;
  };
  mutable std::mutex mutex_;
  std::map<ShardNumber, Meter> meters_;
};

}  // namespace forebay::gateway::stream
