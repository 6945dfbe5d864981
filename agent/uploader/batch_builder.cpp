#include "agent/uploader/batch_builder.h"

#include <algorithm>

namespace forebay::agent {

HashKey HashKeyCache::get(std::string_view partition_key) {
  if (const auto it = keys_.find(partition_key); it != keys_.end()) return it->second;
  if (keys_.size() >= keys_max_) keys_.clear();
  return keys_.emplace(partition_key, hash_key_of(partition_key)).first->second;
}

std::vector<ByteView> BuiltBatch::parts() const {
  std::vector<ByteView> result;
  std::size_t begin = 0;
  for (const std::size_t end : part_ends) {
    result.push_back(ByteView(bytes).subspan(begin, end - begin));
    begin = end;
  }
  return result;
}

std::size_t BatchBuilder::part_of(const std::vector<HashKeyRange>& ranges, std::string_view key) {
  if (ranges.size() <= 1) return 0;
  if (have_last_ && key == last_key_) return last_part_;
  const HashKey hash = keys_.get(key);
  const auto it = std::partition_point(ranges.begin(), ranges.end(),
                                       [&](const HashKeyRange& range) { return range.end < hash; });
  // Ranges tile the hash space; should the gateway's not, the last part takes the rest and the gateway regroups.
  last_part_ = std::min<std::size_t>(it - ranges.begin(), ranges.size() - 1);
  last_key_.assign(key);
  have_last_ = true;
  return last_part_;
}

Result<void> BatchBuilder::build(const spool::SealedBatch& sealed, BuiltBatch& out) {
  const auto& ranges = sealed.seal.shard_ranges;
  builders_.resize(std::max<std::size_t>(ranges.size(), 1));
  for (auto& builder : builders_) builder.clear();
  have_last_ = false;
  out.bytes.clear();
  out.part_ends.clear();
  out.raw_bytes = 0;
  std::uint64_t count = 0;
  for (const Buffer& records : sealed.records) {
    out.raw_bytes += records.size();
    spool::RecordChunkReader reader(records);
    while (const auto record = reader.next()) {
      builders_[part_of(ranges, record->partition_key)].add(record->partition_key, record->data,
                                                            to_millis(record->time));
      ++count;
    }
    if (reader.failed()) return Error{Errc::corrupt, "spooled records do not decode"};
  }
  if (count != sealed.seal.count)
    return Error{Errc::corrupt, "a seal says " + std::to_string(sealed.seal.count) + " records, the spool has " +
                                    std::to_string(count)};
  for (auto& builder : builders_) {
    if (builder.empty()) continue;
    builder.finish(static_cast<wire::kafka::Codec>(sealed.seal.codec), out.bytes);
    out.part_ends.push_back(out.bytes.size());
  }
  return {};
}

}  // namespace forebay::agent
