#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <vector>

#include "base/crc32c.h"
#include "spool/range_set.h"
#include "spool/spool.h"

namespace forebay::agent {

/// A spool in memory with the promises of spool/spool.h: everything appended is durable at once. reopen() is a restart:
/// what was durable stays, a new lineage begins.
class MemorySpool final : public spool::Spool {
 public:
  MemorySpool() { lineage_ = make_lineage(1); }

  static Lineage make_lineage(std::uint64_t ordinal) {
    Lineage lineage;
    lineage.root.fill(7);
    lineage.ordinal = ordinal;
    lineage.nonce = 1000 + ordinal;
    return lineage;
  }
  void reopen(std::uint64_t ordinal_min = 0) { lineage_ = make_lineage(std::max(lineage_.ordinal + 1, ordinal_min)); }

  struct StoredRecord {
    std::string key;
    WallTime time;
    std::string data;
  };
  struct StoredLane {
    std::vector<StoredRecord> records;  ///< sequence 1 first
    std::uint64_t first = 1;
    std::uint64_t acked = 0;
    std::uint64_t incarnation = 0;
    std::map<std::uint64_t, spool::Seal> seals;  ///< by first
    spool::RangeSet dropped;                     ///< declared lost, in the middle of what is kept
  };

  Result<void> append(std::span<const spool::RecordChunk> chunks) override {
    const std::lock_guard lock(mutex_);
    if (append_error_) return *append_error_;
    ++appends;
    for (const spool::RecordChunk& chunk : chunks) {
      spool::RecordChunkReader reader(chunk.bytes());
      auto& lane = lanes_map[{lineage_, chunk.stream()}];
      while (const auto record = reader.next())
        lane.records.push_back({std::string(record->partition_key), record->time, std::string(as_text(record->data))});
      if (!chunk.position.source.empty()) positions[chunk.position.source] = chunk.position.position;
    }
    return {};
  }
  Result<void> move(const spool::RecordChunk& chunk, const spool::LaneId& from, std::uint64_t through) override {
    FB_CHECK(append(std::span(&chunk, 1)));
    const std::lock_guard lock(mutex_);
    lanes_map[from].acked = std::max(lanes_map[from].acked, through);
    return {};
  }
  std::map<std::string, Buffer> source_positions() const override { return positions; }
  void forget_source(const std::string& source) override {
    const std::lock_guard lock(mutex_);
    positions.erase(source);
    forgotten.push_back(source);
  }
  const Lineage& lineage() const override { return lineage_; }
  std::vector<spool::LaneStatus> lanes() const override {
    const std::lock_guard lock(mutex_);
    std::vector<spool::LaneStatus> result;
    for (const auto& [id, lane] : lanes_map)
      result.push_back({id, lane.first, lane.records.size(), lane.acked, lane.incarnation});
    return result;
  }
  Result<std::optional<spool::SealedBatch>> next_batch(const spool::LaneId& id, std::uint64_t after,
                                                       const BatchLimits& limits) override {
    const std::lock_guard lock(mutex_);
    StoredLane& lane = lanes_map[id];
    const std::uint64_t first = lane.dropped.skip_from(std::max(after + 1, lane.first));
    for (const auto& [start, seal] : lane.seals)
      if (start <= first && first < start + seal.count && start >= lane.first) return cut(lane, seal);
    if (first > lane.records.size()) return std::optional<spool::SealedBatch>();
    if (seals_without_room > 0) {
      --seals_without_room;
      return Error{Errc::no_space, "the disk is full"};
    }
    spool::Seal seal;
    seal.lane = id;
    seal.first = first;
    std::uint64_t bytes = 0;
    while (first + seal.count <= lane.records.size() && seal.count < limits.records_max &&
           !lane.dropped.contains(first + seal.count) && (seal.count == 0 || bytes < limits.bytes_max))
      bytes += lane.records[first + seal.count++ - 1].data.size();
    seal.codec = limits.codec;
    seal.map_version = limits.map_version;
    seal.shard_ranges = limits.shard_ranges;
    auto batch = cut(lane, seal);
    seal.records_crc = batch.seal.records_crc = crc32c(batch.records.front());
    lane.seals[seal.first] = seal;
    return std::optional(std::move(batch));
  }
  Result<void> acknowledge(const spool::LaneId& id, std::uint64_t through, std::uint64_t incarnation) override {
    const std::lock_guard lock(mutex_);
    lanes_map[id].acked = std::max(lanes_map[id].acked, through);
    lanes_map[id].incarnation = incarnation;
    return {};
  }
  Result<void> lower_acknowledged(const spool::LaneId& id, std::uint64_t through) override {
    const std::lock_guard lock(mutex_);
    lanes_map[id].acked = std::min(lanes_map[id].acked, through);
    return {};
  }
  Result<void> declare_gap(const spool::Gap& gap) override {
    if (gaps_without_room > 0) {
      --gaps_without_room;
      return Error{Errc::no_space, "the disk is full"};
    }
    gaps.push_back(gap);
    return {};
  }
  void forget_closed(std::uint64_t through) override {
    const std::lock_guard lock(mutex_);
    std::erase_if(lanes_map, [&](const auto& entry) { return entry.first.lineage.ordinal <= through; });
  }
  Result<bool> scrub(std::uint64_t bytes_max) override {
    const std::lock_guard lock(mutex_);
    scrubbed += bytes_max;
    return ++scrubs % 3 == 0;
  }
  Usage usage() const override {
    Usage usage;
    for (const auto& [id, lane] : lanes_map) usage.unacknowledged_records += lane.records.size() - lane.acked;
    return usage;
  }
  const spool::RecoveryReport& recovery_report() const override { return report_; }
  Result<void> close() override { return {}; }

  /// What append() answers from now on; empty: success.
  void fail_appends(std::optional<Error> error) {
    const std::lock_guard lock(mutex_);
    append_error_ = std::move(error);
  }
  /// Puts one record of this run into a stream.
  void put(const std::string& stream, const std::string& key, const std::string& data) {
    spool::RecordChunk chunk(stream);
    chunk.add(key, from_millis(1'700'000'000'000), as_bytes(data));
    (void)append(std::span(&chunk, 1));
  }
  spool::LaneId lane(const std::string& stream) const { return {lineage_, stream}; }

  std::map<spool::LaneId, StoredLane> lanes_map;
  std::map<std::string, Buffer> positions;
  std::vector<std::string> forgotten;
  std::vector<spool::Gap> gaps;
  int appends = 0;
  int gaps_without_room = 0;   ///< so many declare_gap() calls find no room
  int seals_without_room = 0;  ///< so many next_batch() calls find no room for a seal
  std::uint64_t scrubbed = 0;  ///< bytes; every third call ends a pass
  int scrubs = 0;

 private:
  static spool::SealedBatch cut(const StoredLane& lane, const spool::Seal& seal) {
    spool::RecordChunk chunk(seal.lane.stream);
    for (std::uint64_t i = 0; i < seal.count; ++i) {
      const StoredRecord& record = lane.records[seal.first + i - 1];
      chunk.add(record.key, record.time, as_bytes(record.data));
    }
    return {seal, {to_buffer(chunk.bytes())}};
  }

  std::optional<Error> append_error_;
  mutable std::mutex mutex_;
  Lineage lineage_;
  spool::RecoveryReport report_;
};

}  // namespace forebay::agent
