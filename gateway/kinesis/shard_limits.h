#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/token_bucket.h"
#include "gateway/stream/identifiers.h"

namespace forebay::gateway::kinesis {

/// What one shard takes and gives within a second; the service's numbers.
struct ShardRates {
  double write_bytes = 1 << 20;
  double write_records = 1000;
  double read_bytes = 2 << 20;
  double reads = 5;  ///< GetRecords calls, and as many GetShardIterator calls
  friend bool operator==(const ShardRates&, const ShardRates&) = default;
};

struct ShardLimitOptions {
  /// Of streams without an entry of their own; empty: no limits.
  std::optional<ShardRates> common;
  std::map<std::string, std::optional<ShardRates>, std::less<>> streams;
  [[nodiscard]] bool any() const;
};

/// The service's limits per shard, for trying clients against them: what does not fit is refused, never delayed.
/// Threads  any.
class ShardLimits {
 public:
  ShardLimits(ShardLimitOptions options, const Clock& clock) : options_(std::move(options)), clock_(clock) {}

  /// Null when the stream has no limits.
  [[nodiscard]] const ShardRates* rates_of(std::string_view stream) const;

  /// Takes one record of so many bytes (with its key). A record larger than a second's bytes is let through when none
  /// came for a second, and paid back later.
  bool take_write(const ShardRates& rates, stream::StreamId stream, stream::ShardNumber shard, std::size_t bytes);
  /// Takes one GetRecords call.
  bool take_read(const ShardRates& rates, stream::StreamId stream, stream::ShardNumber shard);
  /// Tells what that call gave: an answer of more than a second's bytes closes the shard until it is paid, 5 s for
  /// 10 MiB at the service's rate.
  void charge_read(const ShardRates& rates, stream::StreamId stream, stream::ShardNumber shard, std::size_t bytes);
  /// Takes one GetShardIterator call.
  bool take_iterator(const ShardRates& rates, stream::StreamId stream, stream::ShardNumber shard);

 private:
  /// Above so many shards all are forgotten, which gives each a fresh second.
  static constexpr std::size_t kShardsMax = 65'536;

  struct Key {
    stream::StreamId stream;
    stream::ShardNumber shard;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return key.stream.value() * 0x9e3779b97f4a7c15u + key.shard.value();
    }
  };
  struct ShardState {
    TokenBucket write_bytes;
    TokenBucket write_records;
    TokenBucket reads;
    TokenBucket iterators;
    SteadyTime read_paid;    ///< when everything given is paid for
    SteadyTime read_closed;  ///< no reading before
  };
  ShardState& state(const ShardRates& rates, stream::StreamId stream, stream::ShardNumber shard, SteadyTime now);

  const ShardLimitOptions options_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<Key, ShardState, KeyHash> shards_;
};

}  // namespace forebay::gateway::kinesis
