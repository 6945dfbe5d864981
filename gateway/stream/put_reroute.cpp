#include "gateway/stream/put_reroute.h"

#include <algorithm>

#include "wire/kafka/record_batch.h"

namespace forebay::gateway::stream {
namespace {

using wire::kafka::BatchRecord;
using wire::kafka::RecordBatchBuilder;

constexpr std::size_t kCompressFrom = 4_KiB;

class Rerouting {
 public:
  Rerouting(const Stream& from, const Stream& to) : from_(&from), to_(&to) {
    result_.part_of.resize(to.open_shards.size());
    result_.moved.resize(from.open_shards.size());
  }

  Result<void> add(log::BatchPart part) {
    const std::size_t before = from_->open_index_for(from_->shard(part.shard)->range.start);
    const std::size_t now = to_->open_index_for(from_->open_shards[before]->range.start);
    if (to_->open_shards[now]->number != part.shard) return take_apart(before, part);
    result_.moved[before].whole = static_cast<std::uint32_t>(now);
    keep(now, std::move(part));
    return {};
  }

  ReroutedParts finish() {
    for (std::size_t i = 0; i < builders_.size(); ++i) {
      RecordBatchBuilder& builder = builders_[i];
      if (builder.empty()) continue;
      log::BatchPart part;
      part.shard = to_->open_shards[i]->number;
      part.record_count = static_cast<std::uint32_t>(builder.count());
      part.max_timestamp_ms = builder.max_timestamp_ms();
      const bool large = builder.records_bytes() >= kCompressFrom;
      builder.finish(large ? wire::kafka::Codec::lz4 : wire::kafka::Codec::none, part.bytes);
      part.bytes.shrink_to_fit();
      keep(i, std::move(part));
    }
    return std::move(result_);
  }

 private:
  void keep(std::size_t shard, log::BatchPart part) {
    result_.part_of[shard] = result_.parts.size();
    result_.parts.push_back(std::move(part));
  }

  Result<void> take_apart(std::size_t before, const log::BatchPart& part) {
    builders_.resize(to_->open_shards.size());
    std::vector<ReroutedParts::Place>& places = result_.moved[before].places;
    places.reserve(part.record_count);
    auto visit = [&](const BatchRecord& record) {
      const HashKey key = record.explicit_hash_key ? *record.explicit_hash_key : hash_key_of(record.key);
      const std::size_t shard = to_->open_index_for(key);
      places.push_back({static_cast<std::uint32_t>(shard), static_cast<std::uint32_t>(builders_[shard].count())});
      builders_[shard].add(record.key, record.value, record.timestamp_ms, record.explicit_hash_key);
    };
    wire::kafka::BatchLimits limits;
    limits.uncompressed_bytes_max = 1_GiB;  // built here, and bounded by what one turn of the loop takes
    limits.record_bytes_max = 1_GiB;
    FB_TRY(const auto header, wire::kafka::for_each_record(part.bytes, limits, scratch_, visit));
    (void)header;
    return {};
  }

  const Stream* from_;
  const Stream* to_;
  ReroutedParts result_;
  std::vector<RecordBatchBuilder> builders_;
  Buffer scratch_;
};

}  // namespace

Result<ReroutedParts> reroute(const Stream& from, std::vector<log::BatchPart> parts, const Stream& to) {
  Rerouting rerouting(from, to);
  for (log::BatchPart& part : parts) FB_CHECK(rerouting.add(std::move(part)));
  return rerouting.finish();
}

}  // namespace forebay::gateway::stream
