#include "gateway/log/shards_change.h"

#include <algorithm>

namespace forebay::gateway::log {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::uint32_t kShardsMax = 1'000'000;

std::uint32_t read_count(ByteReader& reader) {
  const std::uint32_t count = reader.u32_le();
  if (count > kShardsMax) reader.fail();
  return reader.ok() ? count : 0;
}

ShardsChange::Close read_close(ByteReader& reader) {
  ShardsChange::Close close;
  close.shard = ShardNumber(reader.u32_le());
  close.at = from_millis(reader.i64_le());
  close.end = Offset(reader.i64_le());
  return close;
}

void apply(const ShardsChange& change, StreamDefinition& definition) {
  definition.map_version = change.map_version;
  for (const ShardsChange::Close& close : change.closed)
    for (ShardDefinition& shard : definition.shards)
      if (shard.number == close.shard) shard.closed = close.at;
  std::erase_if(definition.shards, [&](const ShardDefinition& shard) {
    return std::binary_search(change.expired.begin(), change.expired.end(), shard.number);
  });
  for (const ShardDefinition& shard : change.created)
    if (definition.shards.empty() || definition.shards.back().number < shard.number) definition.shards.push_back(shard);
}

}  // namespace

void encode(const ShardsChange& change, Buffer& out) {
  ByteWriter writer(out);
  writer.u8(kFormat);
  writer.u64_le(change.stream.value());
  writer.u64_le(change.map_version);
  writer.u32_le(static_cast<std::uint32_t>(change.closed.size()));
  for (const ShardsChange::Close& close : change.closed) {
    writer.u32_le(close.shard.value());
    writer.i64_le(to_millis(close.at));
    writer.i64_le(close.end.value());
  }
  writer.u32_le(static_cast<std::uint32_t>(change.created.size()));
  for (const ShardDefinition& shard : change.created) encode(shard, writer);
  writer.u32_le(static_cast<std::uint32_t>(change.expired.size()));
  for (const ShardNumber shard : change.expired) writer.u32_le(shard.value());
}

Result<ShardsChange> decode_shards_change(ByteView bytes) {
  ByteReader reader(bytes);
  if (const std::uint8_t format = reader.u8(); format != kFormat)
    return Error{Errc::unsupported, "shard map change of format " + std::to_string(format) + ", this gateway knows 1"};
  ShardsChange change;
  change.stream = StreamId(reader.u64_le());
  change.map_version = reader.u64_le();
  for (std::uint32_t left = read_count(reader); left > 0 && reader.ok(); --left)
    change.closed.push_back(read_close(reader));
  for (std::uint32_t left = read_count(reader); left > 0 && reader.ok(); --left)
    change.created.push_back(decode_shard(reader));
  for (std::uint32_t left = read_count(reader); left > 0 && reader.ok(); --left)
    change.expired.emplace_back(reader.u32_le());
  if (!reader.ok() || !reader.at_end()) return Error{Errc::corrupt, "shard map change is malformed"};
  return change;
}

std::shared_ptr<StreamLog> with_change(const StreamLog& stream, const ShardsChange& change,
                                       const std::shared_ptr<TailBudget>& budget) {
  auto next = std::make_shared<StreamLog>();
  next->definition = stream.definition;
  next->attributes = stream.attributes;
  next->settings_version = stream.settings_version;
  apply(change, next->definition);
  next->views.reserve(next->definition.shards.size());
  for (const ShardDefinition& shard : next->definition.shards) {
    const std::size_t index = stream.index_of(shard.number);
    if (index < stream.views.size())
      next->views.push_back(stream.views[index]);
    else
      next->views.push_back(std::make_shared<ShardView>(ShardId{change.stream, shard.number},
                                                        opened_at(next->definition, shard), budget));
  }
  return next;
}

std::vector<std::shared_ptr<ShardView>> views_gone(const StreamLog& before, const StreamLog& after) {
  std::vector<std::shared_ptr<ShardView>> gone;
  for (std::size_t i = 0; i < before.views.size(); ++i)
    if (after.index_of(before.definition.shards[i].number) == after.views.size()) gone.push_back(before.views[i]);
  return gone;
}

}  // namespace forebay::gateway::log
