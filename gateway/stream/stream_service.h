#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/hash_key.h"
#include "base/lineage.h"
#include "base/result.h"
#include "base/task.h"
#include "base/units.h"
#include "gateway/log/attributes.h"
#include "gateway/log/shard_reader.h"
#include "gateway/stream/identifiers.h"
#include "gateway/stream/shard_meters.h"

namespace forebay::gateway::stream {

using log::AttributeChange;
using log::Attributes;

enum class StreamStatus : std::uint8_t { creating, active, updating, deleting };
enum class StreamMode : std::uint8_t { provisioned, on_demand };

/// One shard of a stream snapshot. Everything but the two offsets is fixed for the snapshot's life; the offsets are
/// read live from the shard log.
class Shard {
 public:
  virtual ~Shard() = default;
  ShardNumber number;
  std::optional<ShardNumber> parent;
  std::optional<ShardNumber> adjacent_parent;
  HashKeyRange range;
  WallTime created;
  std::optional<WallTime> closed;  ///< by a split or merge; readable until retention

  /// First readable offset / one past the last durable one. Threads  any.
  [[nodiscard]] virtual Offset start_offset() const = 0;
  [[nodiscard]] virtual Offset end_offset() const = 0;
  /// Arrival time of the record before end_offset(), or of the shard's creation.
  [[nodiscard]] virtual WallTime last_arrival() const = 0;
  /// Retention keeps everything from here on; each call replaces the last one, a restart forgets it. Does nothing where
  /// retention is not ours. Threads  any.
  virtual void hold_from(Offset /*first_kept*/) const {}
};

/// Immutable state of one stream at one moment; a change makes a new one.
struct Stream {
  StreamId id;
  std::string account;
  std::string name;
  StreamStatus status = StreamStatus::active;
  StreamMode mode = StreamMode::provisioned;
  WallTime created;
  std::int32_t retention_hours = 24;
  std::uint64_t retention_bytes = 0;  ///< 0: by age only
  std::uint32_t record_bytes_max = 1024 * 1024;
  std::uint64_t map_version = 0;
  Attributes attributes;              ///< by name space: tag/NAME, policy, consumer/NAME, metrics, key_id, ...
  std::uint64_t settings_version = 0;  ///< rises with every change() in this process
  std::shared_ptr<ShardMeters> meters;  ///< null: the stream does not want its shards counted (kShardMetricsAttribute)
  std::vector<std::shared_ptr<const Shard>> shards;  ///< all unexpired, by number
  std::vector<std::shared_ptr<const Shard>> open_shards;  ///< by range; tile the hash space

  /// Index into open_shards of the shard that owns the key.
  [[nodiscard]] std::size_t open_index_for(HashKey key) const;
  /// The open shard that owns the key.
  [[nodiscard]] const std::shared_ptr<const Shard>& shard_for(HashKey key) const;
  /// Empty when no such shard exists (or it has expired).
  [[nodiscard]] std::shared_ptr<const Shard> shard(ShardNumber number) const;
};
using StreamPtr = std::shared_ptr<const Stream>;

/// Names no client can give a stream: '/' is no character of stream names.
inline bool is_internal_name(std::string_view name) { return name.find('/') != std::string_view::npos; }

struct CreateStream {
  std::string account;
  std::string name;
  std::uint32_t shard_count = 1;
  StreamMode mode = StreamMode::provisioned;
  std::int32_t retention_hours = 24;
  std::uint32_t record_bytes_max = 1024 * 1024;
  std::vector<AttributeChange> attributes;  ///< durable with the stream itself
};

/// Settings to replace; all of them or none.
struct StreamSettings {
  std::optional<StreamMode> mode;
  std::optional<std::int32_t> retention_hours;
  std::optional<std::uint32_t> record_bytes_max;
  std::vector<AttributeChange> attributes;
  bool if_unchanged = false;  ///< conflict when the stream's settings are no longer those of the snapshot
};

/// One record to put; views are borrowed until put() suspends for the first time (it copies them into a batch first).
struct PutRecord {
  std::string_view partition_key;
  std::optional<HashKey> explicit_hash_key;
  ByteView data;
};

struct PutOutcome {
  ShardNumber shard;
  Offset offset;
  WallTime shard_created;  ///< with number and offset all a sequence number needs
  WallTime arrival;
};

/// Lane of an uploaded batch and what the agent says about it (wire::upload::UploadBatch without the bytes).
struct LaneBatch {
  Lineage lineage;
  std::uint64_t base = 0;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint32_t records_crc = 0;
  StreamPtr stream;                     ///< snapshot the parts were routed by
  struct Part {
    ShardNumber shard;
    Buffer batch;                       ///< RecordBatch v2, validated, all keys in the shard's range
    std::int32_t record_count = 0;
    std::int64_t max_timestamp_ms = 0;
  };
  std::vector<Part> parts;              ///< at most one per shard
};

enum class LaneResult : std::uint8_t { committed, duplicate, unverified, gap, forked, stale, missing_stream, reroute, locked };
struct LaneBatchOutcome {
  LaneResult result = LaneResult::committed;
  std::uint64_t last = 0;  ///< last durable sequence of the lane
};

struct LaneState {
  bool stale = false;
  bool known = false;
  std::uint64_t last = 0;
};

/// Stored batches of one shard, in offset order, without holes; bytes live as long as this object.
struct ReadResult {
  struct Batch {
    ByteView bytes;       ///< RecordBatch v2
    Offset base;
    std::int32_t count = 0;
    WallTime arrival;
    std::optional<log::UploadMark> upload;  ///< of a batch that agents sent
    bool encrypted = false;                 ///< at rest; the bytes here are not
  };
  std::vector<Batch> batches;  ///< the first may begin before the offset asked for
  Offset end;                  ///< durable end at the time of reading
  std::shared_ptr<const void> owner;
};

/// Streams, their shards and their records: what every front and delivery calls. Durable engine: sequencer, journal and
/// segments (gateway/log).
/// Threads  any event loop. Tasks resume on the executor they were awaited from.
class StreamService {
 public:
  virtual ~StreamService() = default;

  /// Snapshot look-ups; no waiting. find() gives null when there is no such stream.
  [[nodiscard]] virtual StreamPtr find(std::string_view account, std::string_view name) const = 0;
  /// Sorted by name, names after `after`, at most `limit`; neither here nor in the count those that only parts of this
  /// program use (is_internal_name).
  [[nodiscard]] virtual std::vector<StreamPtr> list(std::string_view account, std::string_view after,
                                                    std::size_t limit) const = 0;
  [[nodiscard]] virtual std::uint64_t open_shard_count(std::string_view account) const = 0;
  /// Streams of all accounts whose shards are counted, by account and name.
  [[nodiscard]] virtual std::vector<StreamPtr> metered() const { return {}; }
  /// Empty when the account has none.
  [[nodiscard]] virtual Attributes account_attributes(std::string_view account) const = 0;
  [[nodiscard]] virtual std::uint64_t timeline() const = 0;

  /// Changes; durable when they complete. Errors  already_exists, not_found, conflict (not active), invalid_argument.
  virtual Task<Result<StreamPtr>> create(CreateStream request) = 0;
  virtual Task<Result<void>> remove(StreamPtr stream) = 0;
  virtual Task<Result<void>> set_retention(StreamPtr stream, std::int32_t hours) = 0;

  /// Changes of settings, durable when they complete. Result  the stream with them.
  /// Errors  not_found: deleted meanwhile; conflict: see if_unchanged; invalid_argument: an attribute is out of bounds
  /// (keys 1..1024 bytes, values 64 KiB, 1 MiB for one stream or account).
  virtual Task<Result<StreamPtr>> change(StreamPtr stream, StreamSettings settings) = 0;
  virtual Task<Result<StreamPtr>> set_attributes(StreamPtr stream, std::vector<AttributeChange> changes);
  virtual Task<Result<void>> set_account_attributes(std::string account, std::vector<AttributeChange> changes) = 0;

  /// Changes of the shard map, each one journal entry: a shard splits at `new_start`, which must lie above its first key;
  /// two neighbours merge; the stream gets as many equal shards. Puts go on meanwhile.
  /// Result  the stream with parents closed and children open. Errors  not_found: stream or shard; conflict: a shard was
  /// split or merged already; invalid_argument: the key lies outside, or the shards are no neighbours in this order.
  virtual Task<Result<StreamPtr>> split(StreamPtr stream, ShardNumber shard, HashKey new_start) = 0;
  virtual Task<Result<StreamPtr>> merge(StreamPtr stream, ShardNumber lower, ShardNumber upper) = 0;
  /// `attributes` change in the same commit.
  virtual Task<Result<StreamPtr>> scale(StreamPtr stream, std::uint32_t shard_count,
                                        std::vector<AttributeChange> attributes = {}) = 0;

  /// Appends records, each to the shard of its key; outcomes in the order of the records.
  /// Success  durable. Errors  not_found (deleted meanwhile), no_space (stream at its disk share), unavailable (stopping),
  /// permission (the key that encrypts the stream is missing).
  virtual Task<Result<std::vector<PutOutcome>>> put(StreamPtr stream, std::span<const PutRecord> records) = 0;

  /// Appends accepted lanes as one journal entry; each lane is answered for itself (G1, G2). Outcome `reroute`: the
  /// stream's map moved on: regroup by find() and call again. Outcome `locked`: the key that encrypts the stream is
  /// missing here; nothing was taken.
  virtual Task<Result<std::vector<LaneBatchOutcome>>> append_lanes(std::vector<LaneBatch> lanes) = 0;
  /// Durable state of lanes, for OPEN.
  virtual Task<Result<std::vector<LaneState>>> lane_states(std::vector<std::pair<Lineage, StreamId>> lanes) = 0;
  /// Forgets drained lineages of a root (CLOSE).
  virtual Task<Result<void>> forget_lineages(std::array<std::uint8_t, 16> root, std::uint64_t through) = 0;

  /// For a gateway that finds in a manifest what its log does not hold: it was restored to an older state. The timeline
  /// rises to at least `timeline`, and records of the stream up to these sequences are not taken again. Durable when it
  /// returns; also before the service is started. Blocks.
  /// Errors  not_found: the stream; unsupported: this service has no history of its own.
  /// Threads  any but event loops'.
  virtual Result<void> continue_history(std::uint64_t timeline, StreamId stream,
                                        std::vector<std::pair<Lineage, std::uint64_t>> lanes);

  /// Reads from `from` on: whole batches until `bytes_max` is passed (at least one batch if any is there).
  /// Errors  out_of_range: below the start offset or past the end; corrupt: a declared hole, with the next readable offset;
  /// permission: the key that encrypted it is missing.
  virtual Task<Result<ReadResult>> read(std::shared_ptr<const Shard> shard, Offset from, std::size_t bytes_max) = 0;
  /// First offset at or after `from` that can be read: where to go on after read() answered corrupt.
  virtual Task<Result<Offset>> readable_from(std::shared_ptr<const Shard> shard, Offset from);
  /// Waits until the shard's end has passed `from`, at most `timeout`. Result  the end then. Errors  not_found: deleted;
  /// unavailable: too many wait on this shard.
  virtual Task<Result<Offset>> wait_for_records(std::shared_ptr<const Shard> shard, Offset from, Milliseconds timeout);
  /// Offset of the first record that arrived at or after `time`; end_offset() when none has.
  virtual Task<Result<Offset>> offset_at(std::shared_ptr<const Shard> shard, WallTime time) = 0;
};

}  // namespace forebay::gateway::stream
