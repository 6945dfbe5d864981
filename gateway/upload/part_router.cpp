#include "gateway/upload/part_router.h"

#include <algorithm>
#include <map>

#include "base/utf8.h"

namespace forebay::gateway::upload {
using stream::LaneBatch;
using stream::Shard;
using stream::Stream;
using wire::kafka::BatchHeader;
using wire::kafka::BatchRecord;

namespace {
constexpr std::size_t kUnpackedBytesMax = 256u << 20;  ///< of one request: bounds the time it may keep the loop
constexpr std::size_t kPartUnpackedBytesMax = 16u << 20;
constexpr std::size_t kKeyCharactersMax = 256;
constexpr std::size_t kScratchKeptMax = 4u << 20;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}
}  // namespace

Result<PartRouter::Parts> PartRouter::route(const Stream& stream, std::span<const ByteView> parts,
                                            std::uint64_t records) {
  Parts routed;
  routed.reserve(parts.size());
  std::uint64_t found = 0;
  bool regroup_all = false;
  for (const ByteView part : parts) {
    FB_TRY(const Checked checked, check(stream, part));
    found += static_cast<std::uint64_t>(checked.header.record_count);
    const bool taken = std::any_of(routed.begin(), routed.end(),
                                   [&](const LaneBatch::Part& other) { return other.shard == checked.shard->number; });
    if (checked.mixed || taken) regroup_all = true;
    if (regroup_all) continue;
    routed.push_back(
        {checked.shard->number, to_buffer(part), checked.header.record_count, checked.header.max_timestamp_ms});
  }
  if (found != records)
    return Error{Errc::corrupt, "batch says it holds " + std::to_string(records) + " records, its parts hold " +
                                    std::to_string(found)};
  if (regroup_all) return regroup(stream, parts);
  return routed;
}

Result<PartRouter::Checked> PartRouter::check(const Stream& stream, ByteView part) {
  Checked checked;
  HashKeyRange range;
  auto visit = [&](const BatchRecord& record) -> Result<void> {
    FB_TRY(const HashKey key, hash_of(record));
    if (!checked.shard) {
      checked.shard = stream.shard_for(key).get();
      range = checked.shard->range;
    } else if (!range.contains(key)) {
      checked.mixed = true;
    }
    return {};
  };
  if (unpacked_bytes_ >= kUnpackedBytesMax)
    return Error{Errc::unavailable, "the request unpacks to more than 256 MiB; send fewer batches at once"};
  scratch_.clear();
  FB_TRY(checked.header, wire::kafka::for_each_record(part, limits_for(stream), scratch_, visit));
  unpacked_bytes_ += std::max(scratch_.size(), part.size());
  if (!checked.shard) return Error{Errc::corrupt, "a part holds no record"};
  return checked;
}

wire::kafka::BatchLimits PartRouter::limits_for(const Stream& stream) const {
  wire::kafka::BatchLimits limits;
  limits.uncompressed_bytes_max = kPartUnpackedBytesMax;
  limits.record_bytes_max = stream.record_bytes_max;
  return limits;
}

Result<HashKey> PartRouter::hash_of(const BatchRecord& record) {
  const HashKey* known = keys_.find(record.key);
  if (!known) {
    if (record.key.empty()) return Error{Errc::invalid_argument, "a record has no partition key"};
    if (characters(record.key) > kKeyCharactersMax || utf8_error_position(record.key) != std::string_view::npos)
      return Error{Errc::invalid_argument, "a partition key is not 1 to 256 characters of UTF-8"};
    const HashKey hash = hash_key_of(record.key);
    keys_.put(record.key, hash);
    return record.explicit_hash_key.value_or(hash);
  }
  return record.explicit_hash_key ? *record.explicit_hash_key : *known;
}

Result<PartRouter::Parts> PartRouter::regroup(const Stream& stream, std::span<const ByteView> parts) {
  std::map<stream::ShardNumber, wire::kafka::RecordBatchBuilder> builders;
  for (const ByteView part : parts) {
    auto visit = [&](const BatchRecord& record) -> Result<void> {
      FB_TRY(const HashKey key, hash_of(record));
      auto& builder = builders[stream.shard_for(key)->number];
      builder.add(record.key, record.value, record.timestamp_ms, record.explicit_hash_key);
      // What readers would not unpack is not stored.
      if (builder.records_bytes() > kPartUnpackedBytesMax)
        return Error{Errc::too_large, "the records of one shard unpack to more than 16 MiB; send smaller batches"};
      return {};
    };
    scratch_.clear();
    FB_TRY(const BatchHeader header, wire::kafka::for_each_record(part, limits_for(stream), scratch_, visit));
    (void)header;
  }
  Parts routed;
  for (auto& [shard, builder] : builders) {
    LaneBatch::Part part;
    part.shard = shard;
    part.record_count = builder.count();
    part.max_timestamp_ms = builder.max_timestamp_ms();
    builder.finish(wire::kafka::Codec::lz4, part.batch);
    routed.push_back(std::move(part));
  }
  return routed;
}

void PartRouter::trim() {
  if (scratch_.capacity() > kScratchKeptMax) scratch_ = {};
}

}  // namespace forebay::gateway::upload
